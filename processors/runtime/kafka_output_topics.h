// The output topics of one producer: how an output becomes a message, and which
// failures are for good.
//
// Thread-safety: one thread.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_OUTPUT_TOPICS_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_OUTPUT_TOPICS_H_

#include <array>
#include <cstdint>

#include "absl/status/status.h"
#include "peakend/v1/config.pb.h"
#include "processors/publish/output.h"
#include "processors/runtime/kafka_client.h"
#include "processors/runtime/kafka_first_acks.h"
#include "processors/runtime/kafka_handle.h"

namespace peakend::runtime {

// True for an error that another try cannot mend: too large, topic or partition
// gone, not allowed.
bool KafkaNeverTakes(rd_kafka_resp_err_t error);
// True when the broker refuses so all outputs that travelled together, for the sake of
// one of them.
bool KafkaBlamesTheBatch(rd_kafka_resp_err_t error);

class KafkaOutputTopics {
 public:
  // `kafka` must outlive the topics. Errors: InvalidArgument names a bad topic.
  absl::Status Open(rd_kafka_t* kafka, const v1::TopicsConfig& topics);
  void Close();

  // Starts to deliver an output to its own partition; bytes are copied. `opaque`
  // comes back in the delivery report's _private. Never waits: _QUEUE_FULL also while
  // it has to wait for the partition's first record.
  rd_kafka_resp_err_t Produce(const publish::Output& output, uintptr_t opaque);

  // Whether an output has to wait for the first of its partition.
  bool Awaits(const publish::Output& output) const {
    return first_acks_[static_cast<size_t>(output.topic)].Awaits(output.partition);
  }
  // To be told of each delivery report.
  void Answered(const rd_kafka_message_t& message);

 private:
  rd_kafka_resp_err_t Hand(rd_kafka_topic_t* topic, const publish::Output& output,
                           uintptr_t opaque);

  rd_kafka_t* kafka_ = nullptr;
  std::array<KafkaTopic, publish::kTopicCount> topics_;
  std::array<KafkaFirstAcks, publish::kTopicCount> first_acks_;
  int firsts_ = 0;  // that are under way
};

// Counts outputs that are left behind and names them: each of a topic's first 20 by
// its topic, partition and size, then every doubling. Never by key or value, which
// are personal data.
class KafkaUndeliverable {
 public:
  using Counts = std::array<int64_t, publish::kTopicCount>;  // by publish::Topic

  KafkaUndeliverable(const v1::TopicsConfig& topics, KafkaLog log);

  void LeaveBehind(publish::Topic topic, int32_t partition, size_t bytes,
                   rd_kafka_resp_err_t error);
  const Counts& counts() const { return counts_; }

 private:
  const v1::TopicsConfig topics_;
  const KafkaLog log_;
  Counts counts_ = {};
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_OUTPUT_TOPICS_H_
