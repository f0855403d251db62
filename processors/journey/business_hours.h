// When a queue is open, and how much time that makes: the compiled form of CalendarPolicy
// in proto/peakend/v1/policy.proto.
//
// An instant is open when the local clock shows a time within the hours of the local day.
// So an hour that the clock skips is never open, and one that it shows twice counts twice.
//
// Nothing is laid out ahead: whoever asks has the days in between walked, at most 400 of
// them.
//
// Thread-safety: immutable; any number of threads.
#ifndef PEAKEND_PROCESSORS_JOURNEY_BUSINESS_HOURS_H_
#define PEAKEND_PROCESSORS_JOURNEY_BUSINESS_HOURS_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"

namespace peakend::journey {

// From `from_ms` until before `to_ms` of a day; 0 is its midnight.
struct OpenSpan {
  int32_t from_ms = 0;
  int32_t to_ms = 0;
  friend bool operator==(const OpenSpan&, const OpenSpan&) = default;
};
using DayHours = std::vector<OpenSpan>;

// The first and the last of some days, counted from 1970-01-01.
struct DayRange {
  int64_t first = 0;
  int64_t last = 0;
  friend bool operator==(const DayRange&, const DayRange&) = default;
};

struct SpecialDay {
  int64_t day = 0;
  DayHours hours;
};

// How far local time is ahead of UTC from some time on.
struct UtcOffset {
  int64_t from_ms = 0;
  int64_t ahead_ms = 0;
};

// What a calendar says, in any order; spans may overlap.
struct CalendarPlan {
  std::string name;
  std::array<DayHours, 7> week;      // from Monday
  std::vector<DayRange> holidays;    // closed
  std::vector<SpecialDay> workdays;  // win over both
  // In order; the first counts before it as well. REQUIRES: not empty.
  std::vector<UtcOffset> offsets;
};

class BusinessHours {
 public:
  // Nobody looks further than this.
  static constexpr int64_t kLongestMs = int64_t{400} * 86'400'000;

  explicit BusinessHours(CalendarPlan plan);

  const std::string& name() const { return plan_.name; }

  // How much of [from_ms, to_ms) is open. Of a time longer than kLongestMs only its last
  // part counts.
  int64_t OpenMs(int64_t from_ms, int64_t to_ms) const;
  // The earliest time at which `open_ms` of open time have passed since `from_ms`; kLongestMs
  // after it when there are fewer until then.
  int64_t After(int64_t from_ms, int64_t open_ms) const;

 private:
  absl::Span<const OpenSpan> HoursOf(int64_t day) const;
  // Hands out what is open of [from_ms, to_ms), piece by piece in order, until `take(begin,
  // end)` says that it is enough.
  template <typename Take>
  void Walk(int64_t from_ms, int64_t to_ms, Take take) const;

  CalendarPlan plan_;  // everything in order, nothing overlaps
};

// The same by `hours`, or by the clock on the wall where there are none.
inline int64_t OpenMs(const BusinessHours* hours, int64_t from_ms, int64_t to_ms) {
  return hours == nullptr ? to_ms - from_ms : hours->OpenMs(from_ms, to_ms);
}
inline int64_t After(const BusinessHours* hours, int64_t from_ms, int64_t open_ms) {
  return hours == nullptr ? from_ms + open_ms : hours->After(from_ms, open_ms);
}

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_BUSINESS_HOURS_H_
