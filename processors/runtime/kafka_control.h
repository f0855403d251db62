// A record that is for every partition of the input: a baseline, a policy.
//
// Thread-safety: any thread; each call has a client of its own.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_CONTROL_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_CONTROL_H_

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "peakend/v1/config.pb.h"
#include "processors/runtime/kafka_client.h"

namespace peakend::runtime {

// Writes `value` into every partition of the input and waits until it is there; returns how many
// there are. Errors as KafkaProducer: then some may have it and others not, and whoever writes it
// again does no harm.
absl::StatusOr<int32_t> WriteToAllPartitions(const v1::Config& config, std::string_view value,
                                             const KafkaLog& log, absl::Duration limit);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_CONTROL_H_
