#include "processors/explain/quantity.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "processors/publish/json.h"

namespace peakend::explain {
namespace {

// Of what has nine digits behind the point.
std::string WithoutZeros(std::string text) {
  const size_t keep = text.find('.') + 3;
  while (text.size() > keep && text.back() == '0') text.pop_back();
  return text;
}

struct Unit {
  int64_t ms;
  Wording name;
};
constexpr Unit kUnits[] = {{86'400'000, {"d", "天"}},
                           {3'600'000, {"h", "小时"}},
                           {60'000, {"min", "分钟"}},
                           {1'000, {"s", "秒"}},
                           {1, {"ms", "毫秒"}}};

}  // namespace

std::string Exact(double level) {
  if (std::abs(level) < 5e-10) return "0.00";
  return WithoutZeros(absl::StrFormat("%+.9f", level));
}

std::string Weight(double weight) { return WithoutZeros(absl::StrFormat("%.9f", weight)); }

std::string Level(double level) {
  // Nothing has no sign.
  if (std::abs(level) < 0.005) return "0.00";
  return absl::StrFormat("%+.2f", level);
}

std::string Share(double share) { return absl::StrFormat("%.2f", share); }

std::string Duration(int64_t ms, Language language) {
  if (ms < 0) return absl::StrCat("-", Duration(-ms, language));
  std::string text;
  int told = 0;
  for (const Unit& unit : kUnits) {
    const int64_t many = ms / unit.ms;
    if (many == 0 && told == 0) continue;
    ++told;
    ms %= unit.ms;
    if (many > 0) {
      absl::StrAppend(&text, text.empty() ? "" : " ", many, " ", unit.name.In(language));
    }
    if (told == 2) break;
  }
  return text.empty() ? absl::StrCat("0 ", Wording{"s", "秒"}.In(language)) : text;
}

std::string DateTime(int64_t ms) {
  return absl::FormatTime(ms % 1000 == 0 ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%d %H:%M:%E3S",
                          absl::FromUnixMillis(ms), absl::UTCTimeZone());
}

std::string TimeOn(int64_t ms, int64_t day_of_ms) {
  const std::string text = DateTime(ms);
  constexpr size_t kDay = 10;
  return text.substr(0, kDay) == DateTime(day_of_ms).substr(0, kDay) ? text.substr(kDay + 1) : text;
}

std::string Name(std::string_view name) {
  if (name.empty()) return "-";
  const bool plain = std::none_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
  if (plain) return std::string(name);
  std::string quoted;
  publish::AppendJsonString(name, &quoted);
  return quoted;
}

}  // namespace peakend::explain
