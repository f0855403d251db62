// On which day of a time zone something happened, as YYYY-MM-DD.
//
// Rows come in the order of time, nearly: a few days are asked for again and again, and are
// remembered with the stretch of time that they are sure to hold for.
//
// Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_BUSINESS_DATES_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_BUSINESS_DATES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace peakend::publish {

class BusinessDates {
 public:
  // Valid until the next call. `zone` must stay where it is as long as this lives.
  std::string_view Of(const absl::TimeZone& zone, int64_t at_ms);

 private:
  struct Day {
    const absl::TimeZone* zone = nullptr;
    // Of which `date` holds; never wider than a day between two changes of the zone's offset.
    int64_t begin_ms = 0;
    int64_t end_ms = 0;
    std::string date;
  };
  static constexpr size_t kDays = 16;  // a power of two

  std::array<Day, kDays> days_;
};

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_BUSINESS_DATES_H_
