// Time of one partition, read from its log.
//
// `now` is the largest min(event time, broker timestamp) seen so far, so a
// backfill runs in event time, a live stream in real time, and one event from
// the future closes nobody's journey. Both times only ever rise.
#ifndef PEAKEND_PROCESSORS_JOURNEY_PARTITION_CLOCK_H_
#define PEAKEND_PROCESSORS_JOURNEY_PARTITION_CLOCK_H_

#include <algorithm>
#include <cstdint>
#include <limits>

namespace peakend::journey {

class PartitionClock {
 public:
  // Before the first record: older than any event.
  static constexpr int64_t kUnset = std::numeric_limits<int64_t>::min() / 4;
  // After the last: later than any window of any event.
  static constexpr int64_t kEndOfTime = std::numeric_limits<int64_t>::max() / 4;

  // A clock that stands at `now_ms`.
  explicit PartitionClock(int64_t now_ms = kUnset) : now_ms_(now_ms) {}

  // Takes a record's times in; `broker_ms` 0 = none. Returns true if now rose.
  bool Advance(int64_t event_ms, int64_t broker_ms) {
    const int64_t time = broker_ms > 0 ? std::min(event_ms, broker_ms) : event_ms;
    if (time <= now_ms_) return false;
    now_ms_ = time;
    return true;
  }

  int64_t now_ms() const { return now_ms_; }
  int64_t WatermarkMs(int64_t max_out_of_orderness_ms) const {
    return now_ms_ - max_out_of_orderness_ms;
  }

 private:
  int64_t now_ms_;
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_PARTITION_CLOCK_H_
