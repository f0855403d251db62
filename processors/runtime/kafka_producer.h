// Writes single records to one topic: for `peakend produce`, the demo and tests.
//
// A record goes to the partition of its key by Kafka's murmur2, as every client of
// the input topic must do.
//
// Thread-safety: one thread.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_PRODUCER_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_PRODUCER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "peakend/v1/config.pb.h"
#include "processors/publish/output.h"
#include "processors/runtime/kafka_client.h"
#include "processors/runtime/kafka_first_acks.h"

namespace peakend::runtime {

// A record to write; bytes are copied when it is sent.
struct ProducedRecord {
  std::optional<std::string_view> key = std::nullopt;    // none = a null key
  std::optional<std::string_view> value = std::nullopt;  // none = a null value
  std::vector<publish::Header> headers = {};
  // None = by the key; without a key 0.
  std::optional<int32_t> partition = std::nullopt;
  // 0 = now. A topic with LogAppendTime sets its own.
  int64_t timestamp_ms = 0;
};

class KafkaProducer {
 public:
  // Asks the cluster for the topic's partitions, for at most `limit`. Errors:
  // InvalidArgument = the configuration; Unavailable names broker, protocol and
  // likely cause; NotFound = no such topic.
  static absl::StatusOr<std::unique_ptr<KafkaProducer>> Open(const v1::Config& config,
                                                             const std::string& topic, KafkaLog log,
                                                             absl::Duration limit);

  // Starts to deliver a record; waits when the queue is full, and once in each partition
  // for its first record. Errors: InvalidArgument = this record can never be written (too
  // large, no such partition), others still can; FailedPrecondition = the producer gave
  // up; Unavailable = the partition's first record is not acknowledged after 10 s.
  absl::Status Send(const ProducedRecord& record);

  // The same into every partition, whatever the record's own; stops at the first error.
  absl::Status SendToAll(ProducedRecord record);

  // Waits until everything sent has met its fate. Errors: Unavailable = some are
  // still under way after `limit`; DataLoss = the broker refused some since the
  // last Flush, and why.
  absl::Status Flush(absl::Duration limit);

  int32_t partitions() const { return partitions_; }
  int64_t delivered() const { return delivered_; }
  // Taken over and then refused by the broker.
  int64_t refused() const { return refused_; }

 private:
  KafkaProducer() = default;
  absl::Status FindPartitions(const v1::Config& config, const std::string& topic,
                              absl::Duration limit);
  absl::Status AwaitFirst(int32_t partition);
  void OnDelivered(const rd_kafka_message_t& message);

  KafkaCallbacks callbacks_;
  KafkaFirstAcks first_acks_;
  int32_t partitions_ = 0;
  int64_t delivered_ = 0;
  int64_t refused_ = 0;
  absl::Status refusal_;  // the first since the last Flush

  KafkaHandle kafka_;
  KafkaTopic topic_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_PRODUCER_H_
