// What the cluster consists of, asked with patience.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_METADATA_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_METADATA_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "processors/runtime/kafka_handle.h"
#include "processors/runtime/kafka_outage.h"

namespace peakend::runtime {

// Brokers and all topics; never creates one. Tries again within `limit`, but no
// more than about 2 s when every broker refuses. `outage` must be the one that the
// client's error callback feeds. Errors: Unavailable with the outage's sentence.
absl::StatusOr<KafkaMetadata> KafkaClusterMetadata(rd_kafka_t* kafka, KafkaOutage* outage,
                                                   absl::Duration limit);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_METADATA_H_
