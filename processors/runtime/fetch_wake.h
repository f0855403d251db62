// When to wake a client that has stopped fetching.
//
// librdkafka before 2.2.0 stops when its memory for fetched records is full, and looks
// only after up to a second whether there is room again, unless something else wakes the
// thread of the connection. So half of that memory's records are taken before it is woken:
// seldom enough to cost nothing, early enough that the rest lasts.
//
// Thread-safety: none. Pure.
#ifndef PEAKEND_PROCESSORS_RUNTIME_FETCH_WAKE_H_
#define PEAKEND_PROCESSORS_RUNTIME_FETCH_WAKE_H_

#include <algorithm>

namespace peakend::runtime {

class FetchWake {
 public:
  // So few are no backlog, and a client that is not behind is left alone.
  static constexpr int kFew = 2'000;

  // Whether to wake it now that so many fetched records wait. True once for each time that
  // they have become half of what they were.
  bool Due(int waiting) {
    most_ = std::max(most_, waiting);
    if (most_ < kFew || waiting > most_ / 2) return false;
    most_ = waiting;
    return true;
  }

 private:
  int most_ = 0;  // that waited since it was woken
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_FETCH_WAKE_H_
