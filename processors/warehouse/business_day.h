// Days as PostgreSQL counts them.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_BUSINESS_DAY_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_BUSINESS_DAY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/civil_time.h"

namespace peakend::warehouse {

// Days since 2000-01-01; before it negative.
using DayNumber = int32_t;

// "2026-01-31", years 0001 to 9999. Nothing for anything else: "2026-1-31", "2026-02-30".
std::optional<DayNumber> ParseDay(std::string_view text);

absl::CivilDay CivilDayOf(DayNumber day);

// "2026-01-31".
std::string DayText(DayNumber day);

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_BUSINESS_DAY_H_
