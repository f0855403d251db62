// Which partition a key belongs to: Kafka's own rule, so that our producers, a
// Java client and file mode agree on it.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_PUBLISH_PARTITIONER_H_
#define PEAKEND_PROCESSORS_PUBLISH_PARTITIONER_H_

#include <cstdint>
#include <string_view>

namespace peakend::publish {

// Kafka's murmur2 (seed 0x9747b28c) over the bytes of `data`, as the signed
// number that the Java client gets.
int32_t Murmur2(std::string_view data);

// Partition of `key` among `partitions`, in [0, partitions). An empty key is a
// key like any other; a record without a key has no partition of its own.
// REQUIRES: partitions > 0.
int32_t PartitionFor(std::string_view key, int32_t partitions);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_PARTITIONER_H_
