#include "processors/journey/calendar_text.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

namespace peakend::journey {
namespace {

constexpr std::array<std::string_view, 7> kWeekdays = {"Mon", "Tue", "Wed", "Thu",
                                                       "Fri", "Sat", "Sun"};
constexpr int kFirstYear = 2000;
constexpr int kLastYear = 2060;
constexpr int32_t kMinuteMs = 60'000;
constexpr int kDayMinutes = 24 * 60;

// What stands before and behind the first `mark`; nothing when there is none.
std::optional<std::pair<std::string_view, std::string_view>> SplitAt(std::string_view text,
                                                                     std::string_view mark) {
  const size_t at = text.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  return std::pair(text.substr(0, at), text.substr(at + mark.size()));
}

// Digits only, at most 9 of them.
std::optional<int> ParseDigits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = 10 * value + (c - '0');
  }
  return value;
}

// "09:00", "24:00", in minutes.
std::optional<int> ParseTime(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const std::optional<int> hours = ParseDigits(text.substr(0, 2));
  const std::optional<int> minutes = ParseDigits(text.substr(3));
  if (!hours || !minutes || *minutes >= 60 || 60 * *hours + *minutes > kDayMinutes) {
    return std::nullopt;
  }
  return 60 * *hours + *minutes;
}

absl::StatusOr<OpenSpan> ParseTimes(std::string_view text) {
  const auto ends = SplitAt(text, "-");
  const std::optional<int> from = ends ? ParseTime(ends->first) : std::nullopt;
  const std::optional<int> to = ends ? ParseTime(ends->second) : std::nullopt;
  if (!from || !to) return absl::InvalidArgumentError("its times are not like `09:00-18:00`");
  if (*to <= *from) {
    return absl::InvalidArgumentError(
        "it must end after it begins; write one over midnight as two, until 24:00 and from 00:00");
  }
  return OpenSpan{*from * kMinuteMs, *to * kMinuteMs};
}

absl::StatusOr<size_t> ParseWeekday(std::string_view text) {
  const auto* const found = std::find(kWeekdays.begin(), kWeekdays.end(), text);
  if (found != kWeekdays.end()) return static_cast<size_t>(found - kWeekdays.begin());
  return absl::InvalidArgumentError("its days are not like `Mon` or `Mon-Fri`");
}

absl::StatusOr<int64_t> ParseDate(std::string_view text) {
  std::optional<int> year;
  std::optional<int> month;
  std::optional<int> day;
  if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
    year = ParseDigits(text.substr(0, 4));
    month = ParseDigits(text.substr(5, 2));
    day = ParseDigits(text.substr(8));
  }
  if (!year || !month || !day) return absl::InvalidArgumentError("no date like `2026-10-01`");
  const absl::CivilDay date(*year, *month, *day);
  // A day that a month doesn't have becomes one of another month.
  if (date.month() != *month || date.day() != *day) {
    return absl::InvalidArgumentError("there is no such day");
  }
  if (*year < kFirstYear || *year > kLastYear) {
    return absl::InvalidArgumentError(
        absl::StrCat("years go from ", kFirstYear, " to ", kLastYear));
  }
  return date - absl::CivilDay(1970, 1, 1);
}

}  // namespace

absl::StatusOr<WeekSpan> ParseWeekSpan(std::string_view text) {
  const auto parts = SplitAt(text, " ");
  if (!parts) return absl::InvalidArgumentError("no days and times like `Mon-Fri 09:00-18:00`");
  const auto days = SplitAt(parts->first, "-").value_or(std::pair(parts->first, parts->first));
  const absl::StatusOr<size_t> first = ParseWeekday(days.first);
  if (!first.ok()) return first.status();
  const absl::StatusOr<size_t> last = ParseWeekday(days.second);
  if (!last.ok()) return last.status();
  const absl::StatusOr<OpenSpan> hours = ParseTimes(parts->second);
  if (!hours.ok()) return hours.status();
  return WeekSpan{*first, *last, *hours};
}

absl::StatusOr<DayRange> ParseHoliday(std::string_view text) {
  const auto days = SplitAt(text, "..").value_or(std::pair(text, text));
  const absl::StatusOr<int64_t> first = ParseDate(days.first);
  if (!first.ok()) return first.status();
  const absl::StatusOr<int64_t> last = ParseDate(days.second);
  if (!last.ok()) return last.status();
  if (*last < *first)
    return absl::InvalidArgumentError("its last day must not be before its first");
  return DayRange{*first, *last};
}

absl::StatusOr<Workday> ParseWorkday(std::string_view text) {
  const auto parts = SplitAt(text, " ");
  const absl::StatusOr<int64_t> day = ParseDate(parts ? parts->first : text);
  if (!day.ok()) return day.status();
  if (!parts) return Workday{*day, std::nullopt};
  const absl::StatusOr<OpenSpan> hours = ParseTimes(parts->second);
  if (!hours.ok()) return hours.status();
  return Workday{*day, *hours};
}

}  // namespace peakend::journey
