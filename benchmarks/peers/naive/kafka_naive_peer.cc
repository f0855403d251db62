// What a good engineer writes in a day on plain librdkafka: one thread, generated
// protobuf, a map by string, exactly once with a transaction each 100 ms and a
// changelog record per changed customer and commit. benchmarks/peers/README.md has
// the job; compare.py runs and judges it.
#include <librdkafka/rdkafka.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "benchmarks/peers/cost_line.h"
#include "benchmarks/peers/naive/journey_rule.h"
#include "benchmarks/peers/naive/kafka_state_log.h"
#include "benchmarks/peers/naive/kafka_transaction.h"

namespace peakend::peers {
namespace {

constexpr int kBatch = 1000;
constexpr int kPollMs = 5;
constexpr int kAnswerMs = 30'000;
constexpr int64_t kLineEvery = 500'000;

volatile sig_atomic_t stop_asked = 0;

struct Options {
  std::string bootstrap, input, alerts, journeys, state_dir;
  std::string name = "naive";
  int64_t events = 0;
  int commit_ms = 100;
};

using Client = std::unique_ptr<rd_kafka_t, decltype(&rd_kafka_destroy)>;
using Topic = std::unique_ptr<rd_kafka_topic_t, decltype(&rd_kafka_topic_destroy)>;
using Settings = std::initializer_list<std::pair<const char*, std::string>>;

absl::StatusOr<Client> Open(rd_kafka_type_t type, const Settings& settings) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  std::array<char, 512> error{};
  for (const auto& [key, value] : settings) {
    if (rd_kafka_conf_set(conf, key, value.c_str(), error.data(), error.size()) !=
        RD_KAFKA_CONF_OK) {
      rd_kafka_conf_destroy(conf);
      return absl::InvalidArgumentError(error.data());
    }
  }
  rd_kafka_t* client = rd_kafka_new(type, conf, error.data(), error.size());
  if (client == nullptr) {
    rd_kafka_conf_destroy(conf);
    return absl::UnavailableError(error.data());
  }
  if (type == RD_KAFKA_CONSUMER) rd_kafka_poll_set_consumer(client);
  return Client(client, rd_kafka_destroy);
}

absl::StatusOr<Client> OpenConsumer(const Options& options) {
  return Open(RD_KAFKA_CONSUMER,
              {{"bootstrap.servers", options.bootstrap},
               {"group.id", options.name},
               {"enable.auto.commit", "false"},
               {"isolation.level", "read_committed"},
               {"enable.partition.eof", "true"},
               // Fetching must never stop while the peer is behind. A fifth of this cost a sixth
               // more CPU; all of it is 400 MB then.
               {"queued.min.messages", "1000000"},
               {"queued.max.messages.kbytes", "262144"},
               // Latency under a small load; under a large one answers are full anyway.
               {"fetch.wait.max.ms", "10"},
               {"check.crcs", "false"}});
}

absl::StatusOr<Client> OpenProducer(const Options& options) {
  return Open(RD_KAFKA_PRODUCER,
              {{"bootstrap.servers", options.bootstrap},
               {"transactional.id", options.name},
               {"transaction.timeout.ms", "10000"},
               // Few large batches, but a commit waits for what lingers.
               {"linger.ms", std::to_string(std::max(1, options.commit_ms / 10))},
               {"batch.num.messages", "100000"},
               {"queue.buffering.max.messages", "1000000"},
               {"compression.type", "lz4"}});
}

// Where the group is to go on, by partition; the beginning where it has never been.
absl::StatusOr<std::vector<int64_t>> CommittedOffsets(rd_kafka_t* consumer,
                                                      const std::string& topic, int partitions) {
  const std::unique_ptr<rd_kafka_topic_partition_list_t,
                        decltype(&rd_kafka_topic_partition_list_destroy)>
      list(rd_kafka_topic_partition_list_new(partitions), rd_kafka_topic_partition_list_destroy);
  rd_kafka_topic_partition_list_add_range(list.get(), topic.c_str(), 0, partitions - 1);
  const auto code = rd_kafka_committed(consumer, list.get(), kAnswerMs);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return absl::UnavailableError(absl::StrCat("committed offsets: ", rd_kafka_err2str(code)));
  }
  std::vector<int64_t> offsets;
  for (int p = 0; p < partitions; ++p) {
    offsets.push_back(std::max<int64_t>(list->elems[p].offset, 0));
    list->elems[p].offset = offsets.back();
  }
  const auto assigned = rd_kafka_assign(consumer, list.get());
  if (assigned != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return absl::UnavailableError(absl::StrCat("assign: ", rd_kafka_err2str(assigned)));
  }
  return offsets;
}

class NaivePeer {
 public:
  NaivePeer(const Options& options, Client consumer, Client producer)
      : options_(options),
        consumer_(std::move(consumer)),
        producer_(std::move(producer)),
        transaction_(producer_.get(), consumer_.get()),
        alerts_(NewTopic(options.alerts)),
        journeys_(NewTopic(options.journeys)),
        log_(NewTopic(StateTopic())) {}

  // Fencing comes first: what an earlier process left open is then ended, and offsets
  // and state read below are the last committed ones.
  absl::Status Restore() {
    if (absl::Status status = transaction_.Init(); !status.ok()) return status;
    const auto partitions = PartitionCount(consumer_.get(), options_.input);
    if (!partitions.ok()) return partitions.status();
    absl::Status created = CreateStateLog(producer_.get(), StateTopic(), *partitions);
    if (!created.ok()) return created;
    auto customers = ReadStateLog(consumer_.get(), StateTopic(), *partitions);
    if (!customers.ok()) return customers.status();
    customers_ = *std::move(customers);
    auto offsets = CommittedOffsets(consumer_.get(), options_.input, *partitions);
    if (!offsets.ok()) return offsets.status();
    next_ = *std::move(offsets);
    return absl::OkStatus();
  }

  absl::Status Run() {
    started_s_ = SteadySeconds();
    const std::unique_ptr<rd_kafka_queue_t, decltype(&rd_kafka_queue_destroy)> queue(
        rd_kafka_queue_get_consumer(consumer_.get()), rd_kafka_queue_destroy);
    std::array<rd_kafka_message_t*, kBatch> batch;
    while (stop_asked == 0) {
      const ssize_t count =
          rd_kafka_consume_batch_queue(queue.get(), kPollMs, batch.data(), batch.size());
      absl::Status status;
      for (ssize_t i = 0; i < count; ++i) {
        rd_kafka_message_t* message = batch[static_cast<size_t>(i)];
        if (status.ok()) status = Handle(*message);
        rd_kafka_message_destroy(message);
      }
      if (!status.ok()) return status;
      // Without this the queue of delivery reports would grow for ever.
      rd_kafka_poll(producer_.get(), 0);
      if (transaction_.open() && SteadySeconds() >= commit_due_s_) {
        if (absl::Status committed = Commit(); !committed.ok()) return committed;
      }
    }
    return transaction_.open() ? Commit() : absl::OkStatus();
  }

 private:
  std::string StateTopic() const { return options_.name + "-state"; }

  Topic NewTopic(const std::string& name) {
    rd_kafka_topic_conf_t* conf = rd_kafka_topic_conf_new();
    std::array<char, 256> error{};
    // The partitioner of the Java clients, so that outputs lie where theirs do.
    rd_kafka_topic_conf_set(conf, "partitioner", "murmur2_random", error.data(), error.size());
    return {rd_kafka_topic_new(producer_.get(), name.c_str(), conf), rd_kafka_topic_destroy};
  }

  absl::Status Handle(const rd_kafka_message_t& message) {
    if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) return absl::OkStatus();
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return absl::UnavailableError(absl::StrCat("consume: ", rd_kafka_err2str(message.err)));
    }
    if (!event_.ParseFromArray(message.payload, static_cast<int>(message.len))) {
      return absl::DataLossError(
          absl::StrCat("no Event at partition ", message.partition, " offset ", message.offset));
    }
    if (!transaction_.open()) {
      if (absl::Status status = transaction_.Begin(); !status.ok()) return status;
      commit_due_s_ = SteadySeconds() + options_.commit_ms / 1000.0;
    }
    absl::Status status = Apply();
    next_[static_cast<size_t>(message.partition)] = message.offset + 1;
    ++events_;
    if (events_ % kLineEvery == 0 || events_ == options_.events) {
      std::puts(CostLine(events_, started_s_).c_str());
      std::fflush(stdout);
    }
    return status;
  }

  absl::Status Apply() {
    const auto customer = customers_.try_emplace(event_.customer()).first;
    const StepOutput output = Step(event_, customer->second, journey_, alert_);
    if (!customer->second.changed) {
      customer->second.changed = true;
      changed_.push_back(&*customer);
    }
    if (output.journey) {
      journey_.SerializeToString(&value_);
      absl::Status status = transaction_.Write(journeys_.get(), event_.customer(), value_);
      if (!status.ok()) return status;
    }
    if (!output.alert) return absl::OkStatus();
    alert_.SerializeToString(&value_);
    return transaction_.Write(alerts_.get(), event_.customer(), value_);
  }

  absl::Status Commit() {
    for (auto* customer : changed_) {
      ToRecord(customer->second).SerializeToString(&value_);
      absl::Status status = transaction_.Write(log_.get(), customer->first, value_);
      if (!status.ok()) return status;
      customer->second.changed = false;
    }
    changed_.clear();
    return transaction_.Commit(options_.input, next_);
  }

  const Options& options_;
  Client consumer_;
  Client producer_;
  KafkaTransaction transaction_;
  Topic alerts_, journeys_, log_;

  Customers customers_;
  std::vector<Customers::value_type*> changed_;  // a map's nodes stay where they are
  std::vector<int64_t> next_;                    // by partition
  double commit_due_s_ = 0;
  double started_s_ = 0;
  int64_t events_ = 0;

  // Reused, for their memory.
  Event event_;
  Journey journey_;
  Alert alert_;
  std::string value_;
};

absl::Status RunPeer(const Options& options) {
  auto consumer = OpenConsumer(options);
  if (!consumer.ok()) return consumer.status();
  auto producer = OpenProducer(options);
  if (!producer.ok()) return producer.status();
  NaivePeer peer(options, *std::move(consumer), *std::move(producer));
  absl::Status restored = peer.Restore();
  return restored.ok() ? peer.Run() : restored;
}

}  // namespace
}  // namespace peakend::peers

int main(int argc, char** argv) {
  peakend::peers::Options options;
  CLI::App app("A peer on plain librdkafka");
  app.add_option("--bootstrap", options.bootstrap, "HOST:PORT of a broker")->required();
  app.add_option("--input", options.input, "Topic of Event")->required();
  app.add_option("--alerts", options.alerts, "Topic for Alert")->required();
  app.add_option("--journeys", options.journeys, "Topic for Journey")->required();
  app.add_option("--state-dir", options.state_dir, "Not used: the state is in NAME-state");
  app.add_option("--events", options.events, "Print a line at this event too")->required();
  app.add_option("--name", options.name, "Group, transactional id, prefix of the state's topic");
  app.add_option("--commit-ms", options.commit_ms, "Milliseconds between commits")
      ->check(CLI::Range(1, 60'000));
  CLI11_PARSE(app, argc, argv);
  signal(SIGTERM, [](int) { peakend::peers::stop_asked = 1; });
  signal(SIGINT, [](int) { peakend::peers::stop_asked = 1; });
  const absl::Status status = peakend::peers::RunPeer(options);
  if (!status.ok()) std::fprintf(stderr, "naive: %s\n", std::string(status.message()).c_str());
  return status.ok() ? 0 : 1;
}
