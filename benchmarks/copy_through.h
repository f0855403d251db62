// The floor of latency: a pipeline that copies each record, with the very source and
// sink of `peakend run` and no engine between them.
#ifndef PEAKEND_BENCHMARKS_COPY_THROUGH_H_
#define PEAKEND_BENCHMARKS_COPY_THROUGH_H_

#include <cstdint>

#include "absl/status/status.h"
#include "peakend/v1/config.pb.h"

namespace peakend::benchmarks {

// Where a transaction writes: to one topic, or, with a record for each partition in each, to
// those that an engine's transaction writes to as well.
enum class CopyTo : uint8_t { kOneTopic, kEngineTopics };

// Copies the input topic to `moments`, key = partition/offset, and commits every
// worker.commit_interval, until SIGTERM. REQUIRES: called once per process.
absl::Status CopyThrough(const v1::Config& config, CopyTo to);

}  // namespace peakend::benchmarks

#endif  // PEAKEND_BENCHMARKS_COPY_THROUGH_H_
