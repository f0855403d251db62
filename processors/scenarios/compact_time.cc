#include "processors/scenarios/compact_time.h"

#include "absl/strings/ascii.h"

namespace peakend::scenarios {
namespace {

constexpr int64_t kMostMs = int64_t{36'525} * 86'400'000;

int64_t UnitMs(char unit) {
  switch (unit) {
    case 'd':
      return 86'400'000;
    case 'h':
      return 3'600'000;
    case 'm':
      return 60'000;
    case 's':
      return 1'000;
    default:
      return 0;
  }
}

}  // namespace

std::optional<int64_t> CompactDurationMs(std::string_view text) {
  int64_t total = 0;
  int64_t number = -1;  // none yet
  if (text.empty()) return std::nullopt;
  for (const char c : text) {
    if (absl::ascii_isdigit(static_cast<unsigned char>(c))) {
      number = (number < 0 ? 0 : number * 10) + (c - '0');
      if (number > kMostMs / 1'000) return std::nullopt;
      continue;
    }
    const int64_t unit = UnitMs(c);
    if (unit == 0 || number < 0 || number > kMostMs / unit) return std::nullopt;
    total += number * unit;
    number = -1;
    if (total > kMostMs) return std::nullopt;
  }
  if (number >= 0) return std::nullopt;
  return total;
}

}  // namespace peakend::scenarios
