#include "processors/runtime/config/value_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"

namespace peakend::runtime {
namespace {

struct Unit {
  std::string_view name;
  int64_t size;
};

// Largest first.
constexpr std::array<Unit, 5> kDurationUnits = {{{"d", 86'400'000'000'000},
                                                 {"h", 3'600'000'000'000},
                                                 {"m", 60'000'000'000},
                                                 {"s", 1'000'000'000},
                                                 {"ms", 1'000'000}}};
constexpr std::array<Unit, 3> kByteUnits = {
    {{"GiB", int64_t{1} << 30}, {"MiB", int64_t{1} << 20}, {"KiB", int64_t{1} << 10}}};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Takes the leading digits off `text`.
std::string_view TakeDigits(std::string_view& text) {
  size_t count = 0;
  while (count < text.size() && IsDigit(text[count])) ++count;
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

}  // namespace

std::optional<uint64_t> ParseUint(std::string_view text) {
  uint64_t value = 0;
  if (text.empty() || !IsDigit(text[0])) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<int64_t> ParseDurationNanos(std::string_view text) {
  if (text == "0") return 0;
  const auto whole = ParseUint(TakeDigits(text));
  if (!whole) return std::nullopt;
  int64_t thousandths = 0;
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    const std::string_view digits = TakeDigits(text);
    if (digits.empty() || digits.size() > 3) return std::nullopt;
    std::string padded(digits);
    padded.resize(3, '0');
    thousandths = static_cast<int64_t>(*ParseUint(padded));
  }
  for (const Unit& unit : kDurationUnits) {
    if (unit.name != text) continue;
    const uint64_t most = static_cast<uint64_t>(std::numeric_limits<int64_t>::max() / unit.size);
    if (*whole >= most) return std::nullopt;
    return static_cast<int64_t>(*whole) * unit.size + thousandths * (unit.size / 1000);
  }
  return std::nullopt;
}

std::string FormatDurationNanos(int64_t nanos) {
  if (nanos == 0) return "0s";
  for (const Unit& unit : kDurationUnits) {
    if (nanos % unit.size == 0) {
      return absl::StrCat(nanos / unit.size, absl::string_view(unit.name.data(), unit.name.size()));
    }
  }
  return absl::StrCat(nanos / 1'000'000, ".", absl::Dec(nanos / 1'000 % 1'000, absl::kZeroPad3),
                      "ms");
}

std::optional<uint64_t> ParseBytes(std::string_view text) {
  const auto number = ParseUint(TakeDigits(text));
  if (!number) return std::nullopt;
  if (text.empty()) return number;
  for (const Unit& unit : kByteUnits) {
    if (unit.name != text) continue;
    const uint64_t size = static_cast<uint64_t>(unit.size);
    if (*number > std::numeric_limits<uint64_t>::max() / size) return std::nullopt;
    return *number * size;
  }
  return std::nullopt;
}

std::string FormatBytes(uint64_t bytes) {
  for (const Unit& unit : kByteUnits) {
    const uint64_t size = static_cast<uint64_t>(unit.size);
    if (bytes > 0 && bytes % size == 0) {
      return absl::StrCat(bytes / size, absl::string_view(unit.name.data(), unit.name.size()));
    }
  }
  return absl::StrCat(bytes);
}

std::optional<bool> ParseBool(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

std::optional<double> ParseDouble(std::string_view text) {
  if (text.empty() || !(IsDigit(text[0]) || text[0] == '-' || text[0] == '.')) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

std::string FormatDouble(double value) {
  std::array<char, 32> buffer;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return std::string(buffer.data(), result.ptr);
}

}  // namespace peakend::runtime
