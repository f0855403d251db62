#include "processors/warehouse/business_day.h"

#include "absl/strings/str_format.h"

namespace peakend::warehouse {
namespace {

constexpr absl::CivilDay kDayZero(2000, 1, 1);

// The digits of `text`, or -1 where one is something else.
int Number(std::string_view text) {
  int number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

}  // namespace

std::optional<DayNumber> ParseDay(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = Number(text.substr(0, 4));
  const int month = Number(text.substr(5, 2));
  const int day = Number(text.substr(8, 2));
  if (year < 1 || month < 1 || day < 1) return std::nullopt;
  const absl::CivilDay civil(year, month, day);
  // A civil day turns February 30 into March.
  if (civil.month() != month || civil.day() != day) return std::nullopt;
  return static_cast<DayNumber>(civil - kDayZero);
}

absl::CivilDay CivilDayOf(DayNumber day) { return kDayZero + day; }

std::string DayText(DayNumber day) {
  const absl::CivilDay civil = CivilDayOf(day);
  return absl::StrFormat("%04d-%02d-%02d", civil.year(), civil.month(), civil.day());
}

}  // namespace peakend::warehouse
