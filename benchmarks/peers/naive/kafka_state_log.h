// Where the naive peer's state survives kill -9: a compacted topic with one record
// per changed customer and commit, written inside the transaction of the outputs.
#ifndef PEAKEND_BENCHMARKS_PEERS_NAIVE_KAFKA_STATE_LOG_H_
#define PEAKEND_BENCHMARKS_PEERS_NAIVE_KAFKA_STATE_LOG_H_

#include <librdkafka/rdkafka.h>

#include <string>
#include <unordered_map>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "benchmarks/peers/naive/journey_rule.h"

namespace peakend::peers {

using Customers = std::unordered_map<std::string, JourneyState>;

// Partitions of `topic`; an error when there is no such topic.
absl::StatusOr<int> PartitionCount(rd_kafka_t* client, const std::string& topic);

// Creates the log; one that is there stays as it is.
absl::Status CreateStateLog(rd_kafka_t* client, const std::string& topic, int partitions);

// Every customer's newest committed state. `reader` must read committed records only
// and have no assignment; it has none afterwards.
absl::StatusOr<Customers> ReadStateLog(rd_kafka_t* reader, const std::string& topic,
                                       int partitions);

}  // namespace peakend::peers

#endif  // PEAKEND_BENCHMARKS_PEERS_NAIVE_KAFKA_STATE_LOG_H_
