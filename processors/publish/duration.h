// Durations of policies in milliseconds.
#ifndef PEAKEND_PROCESSORS_PUBLISH_DURATION_H_
#define PEAKEND_PROCESSORS_PUBLISH_DURATION_H_

#include <cstdint>

#include "google/protobuf/duration.pb.h"

namespace peakend::publish {

// What is below a millisecond is cut off.
inline int64_t Ms(const google::protobuf::Duration& duration) {
  return duration.seconds() * 1000 + duration.nanos() / 1'000'000;
}

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_DURATION_H_
