// The output topics, at least once: outputs are delivered before the positions
// they stand for are committed, so a crash repeats outputs and never loses one.
//
// State records are held back until their outputs are delivered, so that no state
// is ever ahead of what was said; only then positions are committed. An output
// goes to the partition number of its input. Delivery waits for a broker as long as
// it takes; only what no broker will ever take (too large, topic or partition
// gone, not allowed) is counted, named in one log line and left behind. What was
// refused because of another output in its batch is sent again, alone.
//
// Thread-safety: one worker thread, the one of its source.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_SINK_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_SINK_H_

#include <array>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "peakend/v1/config.pb.h"
#include "processors/publish/output.h"
#include "processors/runtime/kafka_client.h"
#include "processors/runtime/kafka_outage.h"
#include "processors/runtime/kafka_output_topics.h"
#include "processors/runtime/kafka_source.h"
#include "processors/runtime/sink.h"

namespace peakend::runtime {

class KafkaSink : public Sink {
 public:
  // Counters since the start, by publish::Topic.
  struct Stats {
    std::array<int64_t, publish::kTopicCount> delivered = {};
    KafkaUndeliverable::Counts undeliverable = {};
  };

  // `source` commits the positions and must outlive the sink. Errors:
  // InvalidArgument = the configuration.
  static absl::StatusOr<std::unique_ptr<KafkaSink>> Open(const v1::Config& config,
                                                         KafkaSource* source, KafkaLog log);

  // FailedPrecondition: the producer gave up for good; restart from the committed
  // positions.
  absl::Status Append(const publish::OutputBatch& outputs) override;

  // Waits at most 10 s for the deliveries, then Unavailable with the number that
  // is still under way.
  absl::Status Commit(const Positions& positions) override;

  // Drops what is held back: state records, and outputs that wait for the first of their
  // partition. Other outputs are under way already and cannot be called back; the new
  // owner repeats them with the same ids.
  void Forget(absl::Span<const int32_t> partitions) override;

  Stats stats() const { return {delivered_, undeliverable_.counts()}; }
  // Outputs taken over and neither delivered nor given up.
  int64_t in_flight() const { return in_flight_; }

 private:
  KafkaSink(const v1::Config& config, KafkaSource* source, KafkaLog log);
  absl::Status Produce(const publish::Output& output);
  absl::Status AwaitDeliveries();
  absl::Status AwaitInFlight();
  absl::Status DeliverState();
  void ReleaseHeld();
  void Refused(const KafkaOutputTopics::Refusal& refusal);
  void OnDelivered(const rd_kafka_message_t& message);
  void KeepForAgain(publish::Topic topic, const rd_kafka_message_t& message);
  void ReportOutage();

  KafkaSource* const source_;
  KafkaCallbacks callbacks_;
  KafkaOutage outage_;
  KafkaUndeliverable undeliverable_;
  absl::Status fatal_;
  std::array<int64_t, publish::kTopicCount> delivered_ = {};
  int64_t in_flight_ = 0;
  publish::OutputBatch again_;  // refused with their batch
  size_t again_next_ = 0;       // of again_, the next one to be sent alone
  bool alone_ = false;          // one of them is under way
  publish::OutputBatch state_;  // held back, until its outputs are delivered
  size_t state_produced_ = 0;   // records of state_ that are under way or delivered

  KafkaHandle kafka_;
  KafkaOutputTopics topics_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_SINK_H_
