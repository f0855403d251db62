// The output topics of one producer: how an output becomes a message, and which
// failures are for good.
//
// Thread-safety: one thread.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_OUTPUT_TOPICS_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_OUTPUT_TOPICS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
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
  absl::Status Open(rd_kafka_t* kafka, const v1::Config& config);
  void Close();

  // Starts to deliver an output to its own partition; bytes are copied. `opaque`
  // comes back in the delivery report's _private. Never waits: what may not follow the
  // first output of its partition yet is held, and is handed over by Release.
  rd_kafka_resp_err_t Produce(const publish::Output& output, uintptr_t opaque);

  // An output that was held and is refused now.
  struct Refusal {
    publish::Topic topic;
    int32_t partition;
    size_t bytes;
    uintptr_t opaque;
    rd_kafka_resp_err_t error;  // never _QUEUE_FULL: those stay held
  };
  // Hands over what is held and may go now, in order; returns what was refused.
  std::vector<Refusal> Release();
  // To be told of each delivery report.
  void Answered(const rd_kafka_message_t& message);

  // Drops what is held and was caused by these input partitions; returns how many.
  size_t Forget(absl::Span<const int32_t> partitions);
  size_t held() const { return held_.opaques.size(); }

 private:
  rd_kafka_resp_err_t Hand(const publish::Output& output, uintptr_t opaque);
  void Hold(const publish::Output& output, uintptr_t opaque);
  // Whether one of its topic and partition is held, behind which it has to stay.
  bool IsBehindHeld(const publish::Output& output) const {
    const std::vector<int32_t>& counts = held_counts_[static_cast<size_t>(output.topic)];
    const auto partition = static_cast<size_t>(output.partition);
    return partition < counts.size() && counts[partition] > 0;
  }
  struct Held {
    publish::OutputBatch outputs;
    std::vector<uintptr_t> opaques;
  };
  Held TakeHeld();
  bool Awaits(const publish::Output& output) const {
    return first_acks_[static_cast<size_t>(output.topic)].Awaits(output.partition);
  }

  rd_kafka_t* kafka_ = nullptr;
  std::array<KafkaTopic, publish::kTopicCount> topics_;
  std::array<KafkaFirstAcks, publish::kTopicCount> first_acks_;
  int firsts_ = 0;  // that are under way
  Held held_;
  std::array<std::vector<int32_t>, publish::kTopicCount> held_counts_;  // by partition
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
