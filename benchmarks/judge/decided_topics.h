// Waits until what a job wrote can be read whole. A broker answers a commit before it has marked
// the records as committed, so for a moment a reader of committed records does not see them.
//
// Thread-safety: none needed; no state.
#ifndef PEAKEND_BENCHMARKS_JUDGE_DECIDED_TOPICS_H_
#define PEAKEND_BENCHMARKS_JUDGE_DECIDED_TOPICS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "peakend/v1/config.pb.h"

namespace peakend::benchmarks {

// Until no transaction is open in the first `partitions` partitions of `topics`. Errors:
// Unavailable = one was for all of `limit`, and names its topic; or as KafkaOffsets::Ask.
absl::Status WaitUntilDecided(const v1::Config& config, const std::vector<std::string>& topics,
                              int32_t partitions, absl::Duration limit);

}  // namespace peakend::benchmarks

#endif  // PEAKEND_BENCHMARKS_JUDGE_DECIDED_TOPICS_H_
