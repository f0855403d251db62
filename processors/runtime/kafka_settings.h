// From our configuration to librdkafka's: the one place that knows which of its
// settings matter and why.
//
// A field of the configuration that is unset (zero) leaves librdkafka's default.
// Settings that the linked librdkafka does not know are skipped by asking it.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_SETTINGS_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_SETTINGS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "peakend/v1/config.pb.h"
#include "processors/runtime/kafka_handle.h"

namespace peakend::runtime {

enum class KafkaRole {
  kWorker,    // member of the consumer group, offsets committed by us
  kReader,    // reads chosen partitions, no group
  kSampler,   // reads chosen partitions, open transactions included
  kOffsets,   // asks for the edges of partitions, open transactions included
  kProducer,  // idempotent, acks=all
  kTransactionalProducer,
  kAdmin,  // describes and creates topics
  kGroup,  // asks what the consumer group has committed, and is no member
};

// A record of this many bytes (key, value and headers) can still be written. A
// rejected record is an input record (at most 4 MiB) and a few headers.
inline constexpr int kMaxProducedBytes = 5'000'000;

// kafka.transaction_timeout, or 10 s when that is unset.
absl::Duration KafkaTransactionTimeout(const v1::KafkaConfig& kafka);

// The settings for a client in `role`; only a transactional producer has a
// `transactional_id`. `config.kafka().properties` come last and
// win. Errors: InvalidArgument names the setting (unknown property, bad value, one
// that has a field of its own or would break delivery); NotFound when
// the password file cannot be read.
absl::StatusOr<KafkaConf> KafkaSettings(KafkaRole role, const v1::Config& config,
                                        const std::string& transactional_id = "");

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_SETTINGS_H_
