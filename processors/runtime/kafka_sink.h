// The output topics, at least once: outputs are delivered before the positions
// they stand for are committed, so a crash repeats outputs and never loses one.
//
// An output goes to the partition number of its input. Delivery waits for a
// broker as long as it takes; only what no broker will ever take (too large,
// topic or partition gone, not allowed) is counted, named in one log line and left
// behind.
//
// Thread-safety: one worker thread, the one of its source.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_SINK_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_SINK_H_

#include <array>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "peakend/v1/config.pb.h"
#include "processors/publish/output.h"
#include "processors/runtime/kafka_client.h"
#include "processors/runtime/kafka_outage.h"
#include "processors/runtime/kafka_source.h"
#include "processors/runtime/sink.h"

namespace peakend::runtime {

class KafkaSink : public Sink {
 public:
  // Counters since the start, by publish::Topic.
  struct Stats {
    std::array<int64_t, publish::kTopicCount> delivered = {};
    std::array<int64_t, publish::kTopicCount> undeliverable = {};
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

  const Stats& stats() const { return stats_; }
  // Outputs taken over and neither delivered nor given up.
  int64_t in_flight() const { return in_flight_; }

 private:
  KafkaSink(const v1::Config& config, KafkaSource* source, KafkaLog log);
  absl::Status Produce(const publish::Output& output);
  void OnDelivered(const rd_kafka_message_t& message);
  void GiveUp(publish::Topic topic, int32_t partition, size_t size, rd_kafka_resp_err_t error);
  void ReportOutage();

  KafkaSource* const source_;
  KafkaCallbacks callbacks_;
  KafkaOutage outage_;
  absl::Status fatal_;
  Stats stats_;
  int64_t in_flight_ = 0;

  KafkaHandle kafka_;
  std::array<KafkaTopic, publish::kTopicCount> topics_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_SINK_H_
