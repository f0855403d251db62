// Hours and dates as people write them in a CalendarPolicy.
//
// Thread-safety: pure functions. Parsing is strict: the whole text, one blank between days
// and times. Errors: InvalidArgument says what is wrong with it.
#ifndef PEAKEND_PROCESSORS_JOURNEY_CALENDAR_TEXT_H_
#define PEAKEND_PROCESSORS_JOURNEY_CALENDAR_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "processors/journey/business_hours.h"

namespace peakend::journey {

// Days of the week from `first` on, until `last`; 0 is Monday. Past a Sunday it goes on.
struct WeekSpan {
  size_t first = 0;
  size_t last = 0;
  OpenSpan hours;
};

// "Mon-Fri 09:00-18:00", "Sat 10:00-14:00", "Sun-Thu 00:00-24:00".
absl::StatusOr<WeekSpan> ParseWeekSpan(std::string_view text);

// "2026-10-01", "2026-10-01..2026-10-07". Years from 2000 to 2060.
absl::StatusOr<DayRange> ParseHoliday(std::string_view text);

struct Workday {
  int64_t day = 0;                // from 1970-01-01
  std::optional<OpenSpan> hours;  // nothing = those of a Monday
};
// "2026-10-10", "2026-10-10 09:00-17:00".
absl::StatusOr<Workday> ParseWorkday(std::string_view text);

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_CALENDAR_TEXT_H_
