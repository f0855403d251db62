// Durations of a profile in microseconds, the unit of a load's times.
#ifndef PEAKEND_BENCHMARKS_LOAD_DURATION_US_H_
#define PEAKEND_BENCHMARKS_LOAD_DURATION_US_H_

#include <cstdint>

#include "google/protobuf/duration.pb.h"

namespace peakend::load {

inline int64_t Us(const google::protobuf::Duration& duration) {
  return duration.seconds() * 1'000'000 + duration.nanos() / 1'000;
}

// The same as a real number, as distributions take it.
inline double RealUs(const google::protobuf::Duration& duration) {
  return static_cast<double>(Us(duration));
}

}  // namespace peakend::load

#endif  // PEAKEND_BENCHMARKS_LOAD_DURATION_US_H_
