// Business hours that a short random stream reaches.
#ifndef PEAKEND_TESTS_RUNTIME_ENGINE_SHORT_HOURS_H_
#define PEAKEND_TESTS_RUNTIME_ENGINE_SHORT_HOURS_H_

#include <algorithm>
#include <cstdint>
#include <utility>

#include "processors/journey/calendars.h"

namespace peakend::runtime {

// Queue "q0" is open for 300 units of time from midnight (UTC), closed for as long, and so on;
// after 60,000 of them it stays open. The others always are.
inline journey::Calendars ShortHours(int64_t unit_ms) {
  constexpr int64_t kDayMs = 86'400'000;
  journey::DayHours hours;
  int64_t at_ms = 0;
  for (; at_ms < std::min(60'000 * unit_ms, kDayMs); at_ms += 600 * unit_ms) {
    hours.push_back({static_cast<int32_t>(at_ms),
                     static_cast<int32_t>(std::min(at_ms + 300 * unit_ms, kDayMs))});
  }
  if (at_ms < kDayMs) {
    hours.push_back({static_cast<int32_t>(at_ms), static_cast<int32_t>(kDayMs)});
  }
  journey::CalendarPlan plan;
  plan.name = "short";
  plan.week.fill(hours);
  plan.offsets = {{0, 0}};
  journey::Calendars calendars;
  calendars.Add(journey::BusinessHours(std::move(plan)), {"q0"});
  return calendars;
}

}  // namespace peakend::runtime

#endif  // PEAKEND_TESTS_RUNTIME_ENGINE_SHORT_HOURS_H_
