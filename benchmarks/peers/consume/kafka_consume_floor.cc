// The floor of the comparison: reads the input by librdkafka's batch call, counts, and
// writes nothing. Nobody who reads Kafka by this library can cost less. It has no outputs
// to judge; the group's offsets only tell compare.py when it has read everything.
#include <librdkafka/rdkafka.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "benchmarks/peers/cost_line.h"
#include "peakend/v1/config.pb.h"
#include "processors/runtime/kafka_client.h"
#include "processors/runtime/kafka_handle.h"
#include "processors/runtime/kafka_metadata.h"
#include "processors/runtime/kafka_outage.h"

namespace peakend::peers {
namespace {

constexpr int kBatch = 1000;
constexpr int kWaitMs = 5;
constexpr int64_t kLineEvery = 500'000;
constexpr absl::Duration kAnswerLimit = absl::Seconds(30);

volatile sig_atomic_t stop_asked = 0;

struct FloorOptions {
  std::string bootstrap, input, alerts, journeys, state_dir;
  std::string name = "consume";
  int64_t events = 0;
};

class ConsumeFloor {
 public:
  explicit ConsumeFloor(const FloorOptions& options) : options_(options) {
    config_.mutable_kafka()->set_bootstrap_servers(options.bootstrap);
    config_.mutable_kafka()->set_group_id(options.name);
  }

  absl::Status Run() {
    if (absl::Status status = Open(); !status.ok()) return status;
    const runtime::KafkaQueue queue(rd_kafka_queue_get_consumer(kafka_.get()));
    const double started_s = SteadySeconds();
    std::array<rd_kafka_message_t*, kBatch> batch;
    int64_t line_at = kLineEvery;
    while (stop_asked == 0) {
      const ssize_t count =
          rd_kafka_consume_batch_queue(queue.get(), kWaitMs, batch.data(), batch.size());
      for (ssize_t i = 0; i < count; ++i) Take(batch[static_cast<size_t>(i)]);
      if (events_ < std::min(line_at, options_.events) || events_ == told_) continue;
      line_at = (events_ / kLineEvery + 1) * kLineEvery;
      told_ = events_;
      std::puts(CostLine(events_, started_s).c_str());
      std::fflush(stdout);
      if (absl::Status status = CommitOffsets(); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Open() {
    auto kafka = runtime::OpenKafka(runtime::KafkaRole::kWorker, config_, &callbacks_);
    if (!kafka.ok()) return kafka.status();
    kafka_ = *std::move(kafka);
    rd_kafka_poll_set_consumer(kafka_.get());
    runtime::KafkaOutage outage(config_.kafka());
    const auto cluster = runtime::KafkaClusterMetadata(kafka_.get(), &outage, kAnswerLimit);
    if (!cluster.ok()) return cluster.status();
    const auto* topics = (*cluster)->topics;
    const auto* found = std::find_if(topics, topics + (*cluster)->topic_cnt,
                                     [&](const auto& one) { return one.topic == options_.input; });
    if (found == topics + (*cluster)->topic_cnt) return absl::NotFoundError(options_.input);
    next_.assign(static_cast<size_t>(found->partition_cnt), 0);
    const runtime::KafkaPartitions list = Positions();
    return runtime::KafkaStatus(rd_kafka_assign(kafka_.get(), list.get()), "cannot read the input");
  }

  void Take(rd_kafka_message_t* owned) {
    const runtime::KafkaMessage message(owned);
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) return;
    next_[static_cast<size_t>(message->partition)] = message->offset + 1;
    ++events_;
  }

  absl::Status CommitOffsets() {
    const runtime::KafkaPartitions list = Positions();
    return runtime::KafkaStatus(rd_kafka_commit(kafka_.get(), list.get(), 0), "cannot commit");
  }

  runtime::KafkaPartitions Positions() const {
    runtime::KafkaPartitions list(
        rd_kafka_topic_partition_list_new(static_cast<int>(next_.size())));
    for (size_t p = 0; p < next_.size(); ++p) {
      rd_kafka_topic_partition_list_add(list.get(), options_.input.c_str(), static_cast<int>(p))
          ->offset = next_[p];
    }
    return list;
  }

  const FloorOptions& options_;
  v1::Config config_;
  runtime::KafkaCallbacks callbacks_;
  runtime::KafkaHandle kafka_;
  std::vector<int64_t> next_;  // by partition
  int64_t events_ = 0;
  int64_t told_ = 0;
};

}  // namespace
}  // namespace peakend::peers

int main(int argc, char** argv) {
  peakend::peers::FloorOptions options;
  CLI::App app("The floor: reads the input and writes nothing");
  app.add_option("--bootstrap", options.bootstrap, "HOST:PORT of a broker")->required();
  app.add_option("--input", options.input, "Topic of Event")->required();
  app.add_option("--alerts", options.alerts, "Not used");
  app.add_option("--journeys", options.journeys, "Not used");
  app.add_option("--state-dir", options.state_dir, "Not used");
  app.add_option("--events", options.events, "Print a line at this event too")->required();
  app.add_option("--name", options.name, "Group");
  CLI11_PARSE(app, argc, argv);
  signal(SIGTERM, [](int) { peakend::peers::stop_asked = 1; });
  signal(SIGINT, [](int) { peakend::peers::stop_asked = 1; });
  const absl::Status status = peakend::peers::ConsumeFloor(options).Run();
  if (!status.ok()) std::fprintf(stderr, "consume: %s\n", std::string(status.message()).c_str());
  return status.ok() ? 0 : 1;
}
