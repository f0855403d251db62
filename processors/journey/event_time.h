// A place in the order of events.
#ifndef PEAKEND_PROCESSORS_JOURNEY_EVENT_TIME_H_
#define PEAKEND_PROCESSORS_JOURNEY_EVENT_TIME_H_

#include <compare>
#include <cstdint>

namespace peakend::journey {

// By time, then by hash of (source, event id).
struct EventTime {
  int64_t at_ms = 0;
  uint64_t hash = 0;
  friend auto operator<=>(const EventTime&, const EventTime&) = default;
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_EVENT_TIME_H_
