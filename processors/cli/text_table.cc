#include "processors/cli/text_table.h"

#include <algorithm>

#include "absl/time/time.h"
#include "processors/publish/json.h"

namespace peakend::cli {
namespace {

// Characters, not bytes, so that names in any script align nearly always.
size_t Width(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace

std::string TimeText(int64_t ms) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromUnixMillis(ms), absl::UTCTimeZone());
}

std::string NameText(std::string_view name) {
  if (name.empty()) return "-";
  const bool plain = std::none_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
  if (plain) return std::string(name);
  std::string quoted;
  publish::AppendJsonString(name, &quoted);
  return quoted;
}

void TextTable::Append(std::string* out) const {
  std::vector<size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], Width(row[i]));
  }
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) {
      out->append(row[i]);
      if (i + 1 < row.size()) out->append(widths[i] - Width(row[i]) + 2, ' ');
    }
    out->push_back('\n');
  }
}

}  // namespace peakend::cli
