#include "processors/journey/business_hours.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace peakend::journey {
namespace {

constexpr int64_t kDayMs = 86'400'000;
constexpr int64_t kThursday = 3;  // 1970-01-01, from Monday

int64_t FloorDivide(int64_t value, int64_t by) { return value / by - (value % by < 0 ? 1 : 0); }

size_t WeekdayOf(int64_t day) {
  return static_cast<size_t>(day + kThursday - 7 * FloorDivide(day + kThursday, 7));
}

// In order, and those that overlap or touch as one.
void Join(DayHours& hours) {
  std::sort(hours.begin(), hours.end(),
            [](const OpenSpan& a, const OpenSpan& b) { return a.from_ms < b.from_ms; });
  DayHours joined;
  for (const OpenSpan& span : hours) {
    if (joined.empty() || joined.back().to_ms < span.from_ms) {
      joined.push_back(span);
    } else {
      joined.back().to_ms = std::max(joined.back().to_ms, span.to_ms);
    }
  }
  hours = std::move(joined);
}

void Join(std::vector<DayRange>& ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const DayRange& a, const DayRange& b) { return a.first < b.first; });
  std::vector<DayRange> joined;
  for (const DayRange& range : ranges) {
    if (joined.empty() || joined.back().last < range.first) {
      joined.push_back(range);
    } else {
      joined.back().last = std::max(joined.back().last, range.last);
    }
  }
  ranges = std::move(joined);
}

void Join(std::vector<SpecialDay>& days) {
  std::stable_sort(days.begin(), days.end(),
                   [](const SpecialDay& a, const SpecialDay& b) { return a.day < b.day; });
  std::vector<SpecialDay> joined;
  for (SpecialDay& special : days) {
    if (joined.empty() || joined.back().day != special.day) {
      joined.push_back(std::move(special));
    } else {
      DayHours& hours = joined.back().hours;
      hours.insert(hours.end(), special.hours.begin(), special.hours.end());
    }
  }
  for (SpecialDay& special : joined) Join(special.hours);
  days = std::move(joined);
}

}  // namespace

BusinessHours::BusinessHours(CalendarPlan plan) : plan_(std::move(plan)) {
  for (DayHours& hours : plan_.week) Join(hours);
  Join(plan_.holidays);
  Join(plan_.workdays);
}

absl::Span<const OpenSpan> BusinessHours::HoursOf(int64_t day) const {
  const auto workday = std::lower_bound(
      plan_.workdays.begin(), plan_.workdays.end(), day,
      [](const SpecialDay& special, int64_t asked) { return special.day < asked; });
  if (workday != plan_.workdays.end() && workday->day == day) return workday->hours;
  const auto holiday =
      std::lower_bound(plan_.holidays.begin(), plan_.holidays.end(), day,
                       [](const DayRange& range, int64_t asked) { return range.last < asked; });
  if (holiday != plan_.holidays.end() && holiday->first <= day) return {};
  return plan_.week[WeekdayOf(day)];
}

template <typename Take>
void BusinessHours::Walk(int64_t from_ms, int64_t to_ms, Take take) const {
  const std::vector<UtcOffset>& offsets = plan_.offsets;
  auto next = std::upper_bound(
      offsets.begin() + 1, offsets.end(), from_ms,
      [](int64_t at_ms, const UtcOffset& offset) { return at_ms < offset.from_ms; });
  for (; from_ms < to_ms; ++next) {
    const int64_t ahead_ms = (next - 1)->ahead_ms;
    const int64_t until_ms = next == offsets.end() ? to_ms : std::min(to_ms, next->from_ms);
    const int64_t last_day = FloorDivide(until_ms - 1 + ahead_ms, kDayMs);
    for (int64_t day = FloorDivide(from_ms + ahead_ms, kDayMs); day <= last_day; ++day) {
      const int64_t midnight_ms = day * kDayMs - ahead_ms;
      for (const OpenSpan& span : HoursOf(day)) {
        const int64_t begin_ms = std::max(from_ms, midnight_ms + span.from_ms);
        const int64_t end_ms = std::min(until_ms, midnight_ms + span.to_ms);
        if (begin_ms < end_ms && take(begin_ms, end_ms)) return;
      }
    }
    from_ms = until_ms;
  }
}

int64_t BusinessHours::OpenMs(int64_t from_ms, int64_t to_ms) const {
  int64_t open_ms = 0;
  Walk(std::max(from_ms, to_ms - kLongestMs), to_ms, [&](int64_t begin_ms, int64_t end_ms) {
    open_ms += end_ms - begin_ms;
    return false;
  });
  return open_ms;
}

int64_t BusinessHours::After(int64_t from_ms, int64_t open_ms) const {
  if (open_ms <= 0) return from_ms;
  int64_t due_ms = from_ms + kLongestMs;
  Walk(from_ms, due_ms, [&](int64_t begin_ms, int64_t end_ms) {
    if (open_ms > end_ms - begin_ms) {
      open_ms -= end_ms - begin_ms;
      return false;
    }
    due_ms = begin_ms + open_ms;
    return true;
  });
  return due_ms;
}

}  // namespace peakend::journey
