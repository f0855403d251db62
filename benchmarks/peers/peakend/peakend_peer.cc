// peakend as a peer of its own comparison: the job of benchmarks/peers/README.md on
// peakend's Kafka client, its kind of state and its changelog. compare.py runs and judges
// it.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "benchmarks/peers/cost_line.h"
#include "benchmarks/peers/peakend/job_worker.h"
#include "google/protobuf/util/time_util.h"
#include "processors/runtime/config/load.h"
#include "processors/runtime/kafka_admin.h"
#include "processors/runtime/kafka_waist.h"
#include "processors/runtime/signals.h"

namespace peakend::peer_job {
namespace {

constexpr int64_t kLineEvery = 500'000;
constexpr absl::Duration kPause = absl::Milliseconds(20);
constexpr size_t kMaxUncommitted = 1'000'000;

struct Options {
  std::string bootstrap, input, alerts, journeys, state_dir;
  std::string name = "peakend";
  int64_t events = 0;
  int commit_ms = 100;
  int checkpoint_ms = -1;
  std::vector<std::string> settings;
};

absl::Duration ToDuration(const google::protobuf::Duration& duration) {
  return absl::Nanoseconds(google::protobuf::util::TimeUtil::DurationToNanoseconds(duration));
}

// The program's own defaults, but for names and what the job says.
absl::StatusOr<v1::Config> ConfigOf(const Options& options) {
  runtime::ConfigInputs inputs;
  inputs.flags = {absl::StrCat("kafka.bootstrap_servers=", options.bootstrap),
                  absl::StrCat("kafka.group_id=", options.name), "kafka.group_instance_id=0",
                  // 70 ms at a million a second; what waits longer has left the caches, and
                  // takes three times its bytes.
                  "kafka.fetch_queue_bytes_before_2_2=16MiB", "kafka.fetch_queue_bytes=16MiB",
                  "kafka.properties.fetch.max.bytes=1048576",
                  // Half of the program's own: a replay of half the time, for twice the state
                  // records.
                  "checkpoint.max_replay_events=250000",
                  absl::StrCat("topics.interaction_events.name=", options.input),
                  absl::StrCat("topics.moment_alerts.name=", options.alerts),
                  absl::StrCat("topics.journeys.name=", options.journeys),
                  absl::StrCat("topics.customer_state.name=", options.name, "-state"),
                  absl::StrCat("worker.commit_interval=", options.commit_ms, "ms")};
  if (options.checkpoint_ms >= 0) {
    inputs.flags.push_back(absl::StrCat("checkpoint.interval=", options.checkpoint_ms, "ms"));
  }
  inputs.flags.insert(inputs.flags.end(), options.settings.begin(), options.settings.end());
  const auto loaded = runtime::LoadConfig(inputs);
  if (!loaded.ok()) return absl::InvalidArgumentError(loaded.diagnostics().front().message);
  v1::Config config = loaded.value();
  // The job has no other outputs: no topics are made for them.
  v1::TopicsConfig& topics = *config.mutable_topics();
  for (v1::TopicConfig* unused :
       {topics.mutable_moments(), topics.mutable_rejected_records(), topics.mutable_late_events(),
        topics.mutable_opening_cards(), topics.mutable_touchpoint_statistics()}) {
    unused->set_name(options.alerts);
  }
  return config;
}

void Say(std::string_view what) {
  std::fprintf(stderr, "peakend: %.*s\n", static_cast<int>(what.size()), what.data());
}

runtime::KafkaLog LogOf(std::string_view part) {
  return [part = std::string(part)](int level, std::string_view message) {
    constexpr int kWarning = 4;
    if (level <= kWarning) Say(part + ": " + std::string(message));
  };
}

absl::Status CreateState(const v1::Config& config) {
  auto admin = runtime::KafkaAdmin::Open(config, nullptr, absl::Seconds(30));
  return admin.ok() ? (*admin)->CreateTopics(false).status() : admin.status();
}

JobWorkerOptions WorkerOptionsOf(const v1::Config& config) {
  return {.batch_wait = ToDuration(config.worker().batch_wait()),
          .batch_records = config.worker().batch_records(),
          .commit_interval = ToDuration(config.worker().commit_interval()),
          .max_uncommitted = kMaxUncommitted,
          .checkpoint = {
              .interval = ToDuration(config.checkpoint().interval()),
              .max_replay_records = static_cast<int64_t>(config.checkpoint().max_replay_events())}};
}

absl::Status RunPeer(const Options& options, const runtime::ShutdownSignal& stop) {
  const absl::StatusOr<v1::Config> config = ConfigOf(options);
  if (!config.ok()) return config.status();
  if (absl::Status created = CreateState(*config); !created.ok()) return created;
  auto waist = runtime::KafkaWaist::Open(*config, LogOf);
  if (!waist.ok()) return waist.status();
  runtime::KafkaSource& source = (*waist)->source();
  const double started_s = peers::SteadySeconds();
  JobWorker worker(WorkerOptionsOf(*config),
                   {source, (*waist)->sink(), source, (*waist)->changelog()}, absl::Now,
                   {.after_poll = [&] { source.KeepFetching(); },
                    .on_event =
                        [&](int64_t events) {
                          if (events % kLineEvery != 0 && events != options.events) return;
                          std::puts(peers::CostLine(events, started_s).c_str());
                          std::fflush(stdout);
                        },
                    .on_retry =
                        [](const absl::Status& why) {
                          Say(std::string(why.message()));
                          absl::SleepFor(kPause);
                        }});
  absl::Status status = source.Subscribe(&worker);
  return status.ok() ? worker.Run([&] { return stop.requested(); }) : status;
}

absl::Status Main(const Options& options) {
  auto stop = runtime::ShutdownSignal::Start(absl::Seconds(30));
  return stop.ok() ? RunPeer(options, **stop) : stop.status();
}

}  // namespace

int Run(int argc, char** argv) {
  Options options;
  CLI::App app("peakend's runtime at the peers' job");
  app.add_option("--bootstrap", options.bootstrap, "HOST:PORT of a broker")->required();
  app.add_option("--input", options.input, "Topic of Event")->required();
  app.add_option("--alerts", options.alerts, "Topic for Alert")->required();
  app.add_option("--journeys", options.journeys, "Topic for Journey")->required();
  app.add_option("--state-dir", options.state_dir, "Not used: the state is in NAME-state");
  app.add_option("--events", options.events, "Print a line at this event too")->required();
  app.add_option("--name", options.name, "Group, transactional id, prefix of the state's topic");
  app.add_option("--commit-ms", options.commit_ms, "Milliseconds between commits")
      ->check(CLI::Range(10, 10'000));
  app.add_option("--checkpoint-ms", options.checkpoint_ms,
                 "A changed customer is written within this time; 0 = in each commit")
      ->check(CLI::Range(0, 600'000));
  app.add_option("-X", options.settings, "Any setting of `peakend config`, as NAME=VALUE");
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = Main(options);
  if (!status.ok()) Say(std::string(status.message()));
  return status.ok() ? 0 : 1;
}

}  // namespace peakend::peer_job

int main(int argc, char** argv) { return peakend::peer_job::Run(argc, argv); }
