// The floor that the pipeline is compared with: consume, and nothing or decode.
#ifndef PEAKEND_BENCHMARKS_KAFKA_CONSUME_LOOP_H_
#define PEAKEND_BENCHMARKS_KAFKA_CONSUME_LOOP_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "peakend/v1/config.pb.h"

namespace peakend::benchmarks {

enum class LoopWork {
  kNothing,  // count the records
  kDecode,   // parse each value with the generated code into one reused message
};

// Reads `records` records of all `partitions` of `topic` from the beginning, with
// the settings that the worker uses, by librdkafka's batch call. Errors: DataLoss =
// a record cannot be parsed; DeadlineExceeded = no record for 30 s.
absl::Status RunConsumeLoop(const v1::Config& config, const std::string& topic, int partitions,
                            int64_t records, LoopWork work);

}  // namespace peakend::benchmarks

#endif  // PEAKEND_BENCHMARKS_KAFKA_CONSUME_LOOP_H_
