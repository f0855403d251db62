// Whether anything may be concluded from how a load went.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_CLI_LOAD_VERDICT_H_
#define PEAKEND_PROCESSORS_CLI_LOAD_VERDICT_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "peakend/v1/load_manifest.pb.h"

namespace peakend::cli {

// Why not, in words; empty = it counts. Records that were refused, fewer than 99.5 % of those that
// were due, a lateness that at p99 is above `most_late` or, where there were alerts, above a tenth
// of their latency, alerts that still came when nobody waited for them any more.
std::vector<std::string> VoidReasons(const v1::LoadDelivery& delivery, absl::Duration most_late);

// The figures in a few lines for people.
std::string DeliveryText(const v1::LoadDelivery& delivery);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_LOAD_VERDICT_H_
