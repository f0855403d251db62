#include "processors/cli/kafka_run.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "processors/cli/baseline_keeper.h"
#include "processors/cli/cluster_wait.h"
#include "processors/cli/policy_reloader.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/admin_pages.h"
#include "processors/runtime/admin_server.h"
#include "processors/runtime/config/show.h"
#include "processors/runtime/customer_questions.h"
#include "processors/runtime/health.h"
#include "processors/runtime/kafka_version.h"
#include "processors/runtime/kafka_waist.h"
#include "processors/runtime/log.h"
#include "processors/runtime/metrics.h"
#include "processors/runtime/signals.h"
#include "processors/runtime/snapshot_folder.h"
#include "processors/runtime/worker.h"

namespace peakend::cli {
namespace {

using runtime::Logger;
using runtime::LogLevel;

constexpr absl::Duration kHeartbeatLimit = absl::Seconds(30);
constexpr absl::Duration kRestorePause = absl::Milliseconds(500);

runtime::MetricsOptions MetricsFor(const RunSettings& settings) {
  runtime::MetricsOptions options;
  options.input_topic = publish::InputTopicName(settings.config().topics());
  options.output_topics = {};
  for (const publish::Topic topic : publish::TopicsOf(settings.config())) {
    options.output_topics[static_cast<size_t>(topic)] =
        publish::TopicName(settings.config().topics(), topic);
  }
  for (const v1::RulePolicy& rule : settings.policy_source.rules()) {
    options.rules.push_back({rule.name(), rule.on(), rule.severity()});
  }
  options.build = {{"version", PEAKEND_VERSION}, {"librdkafka", runtime::KafkaLibraryVersion()}};
  return options;
}

runtime::LogOptions LogFor(const RunSettings& settings, const Invocation& call) {
  runtime::LogOptions options;
  const v1::LogConfig& log = settings.config().log();
  options.format = runtime::LogFormatFrom(log.format(), call.color_err);
  options.level = call.verbosity > 0 ? LogLevel::kDebug : runtime::LogLevelFrom(log.level());
  if (call.quiet) options.level = LogLevel::kError;
  return options;
}

// The parts of one run, in the order in which they may be destroyed from the end.
class KafkaRun {
 public:
  KafkaRun(const RunSettings& settings, Invocation& call)
      : settings_(settings),
        log_(LogFor(settings, call), *call.err, absl::Now),
        metrics_(MetricsFor(settings)),
        health_(kHeartbeatLimit, absl::Now()) {}

  ExitCode Run();

 private:
  runtime::KafkaLog KafkaLogger(std::string_view facility);
  absl::Status StartAdmin();
  absl::Status RunWorker(int32_t input_partitions);
  std::unique_ptr<runtime::SnapshotStore> OpenSnapshots() const;
  runtime::WorkerHooks Hooks(runtime::KafkaWaist& waist);
  void AddAssignmentHooks(runtime::WorkerHooks& hooks);
  void OnPolicy(int32_t partition, const PolicyReloader::Policy& policy,
                runtime::PolicyFound found);
  void OnBatch(const runtime::BatchReport& report, runtime::KafkaWaist& waist);
  void CountOutputs(const publish::OutputBatch& outputs);
  void CountUndeliverable(const runtime::KafkaWaist& waist);

  const RunSettings& settings_;
  Logger log_;
  runtime::ProtobufLog protobuf_log_{log_};
  runtime::Metrics metrics_;
  runtime::HealthBoard health_;
  runtime::CustomerQuestions questions_;
  std::atomic<bool> hangup_ = false;
  std::unique_ptr<BaselineKeeper> baselines_;  // while a worker runs
  std::unique_ptr<runtime::ShutdownSignal> signal_;
  std::unique_ptr<ClusterWait> cluster_;
  std::unique_ptr<runtime::AdminServer> admin_;
  // Not made before signal_, whose signals must not find its thread; not there after admin_, which
  // it answers.
  std::unique_ptr<PolicyReloader> reloader_;
  std::array<int64_t, publish::kTopicCount> undeliverable_ = {};
  absl::Time lag_read_at_ = absl::InfinitePast();
};

runtime::KafkaLog KafkaRun::KafkaLogger(std::string_view facility) {
  return [this, facility](int level, std::string_view message) {
    log_.LogKafka(level, facility, message);
  };
}

absl::Status KafkaRun::StartAdmin() {
  const v1::AdminConfig& config = settings_.config().admin();
  if (!config.enabled()) return absl::OkStatus();
  runtime::AdminPages pages;
  pages.health = &health_;
  pages.metrics = [this](absl::Time now) { return metrics_.Expose(now); };
  pages.version_json = absl::StrCat("{\"version\":\"", PEAKEND_VERSION, "\",\"librdkafka\":\"",
                                    runtime::KafkaLibraryVersion(), "\",\"policy\":\"",
                                    settings_.policy.stamp, "\"}");
  pages.config_yaml =
      runtime::ShowMessage(settings_.config(), settings_.loaded.origins, runtime::ShowOrigins::kNo);
  if (config.customers()) pages.customers = &questions_;
  if (config.reload()) {
    pages.reload = [this](bool strict, std::function<void(runtime::AdminAnswer)> on_done) {
      return reloader_->Ask({strict, std::move(on_done)});
    };
  }
  runtime::AdminServerOptions options;
  options.address = config.address();
  options.port = static_cast<uint16_t>(config.port());
  auto server = runtime::AdminServer::Start(
      options, [pages = std::move(pages)](std::string_view method, std::string_view target,
                                          const runtime::LaterAnswer& later) {
        return runtime::AnswerTo(pages, method, target, absl::Now(), later);
      });
  if (!server.ok()) return server.status();
  admin_ = *std::move(server);
  log_.Log(LogLevel::kInfo, "admin port open", {{"address", admin_->endpoint()}});
  return absl::OkStatus();
}

void KafkaRun::CountOutputs(const publish::OutputBatch& outputs) {
  std::array<int64_t, publish::kTopicCount> counts = {};
  for (size_t i = 0; i < outputs.size(); ++i) ++counts[static_cast<size_t>(outputs[i].topic)];
  for (size_t t = 0; t < publish::kTopicCount; ++t) {
    const auto topic = static_cast<publish::Topic>(t);
    if (counts[t] > 0) metrics_.AddOutputs(topic, counts[t]);
  }
}

void KafkaRun::CountUndeliverable(const runtime::KafkaWaist& waist) {
  for (size_t t = 0; t < publish::kTopicCount; ++t) {
    for (; undeliverable_[t] < waist.undeliverable()[t]; ++undeliverable_[t]) {
      metrics_.AddUndeliverable(static_cast<publish::Topic>(t));
    }
  }
}

void KafkaRun::OnBatch(const runtime::BatchReport& report, runtime::KafkaWaist& waist) {
  const absl::Time now = absl::Now();
  runtime::KafkaSource& source = waist.source();
  health_.Tick(now);
  health_.SetAssigned(report.assigned_partitions > 0);
  health_.SetReplayLeft(report.replay_left);
  health_.SetKafka(source.reachable(), source.reachable() ? "" : "no broker answers");
  metrics_.SetReplayLeft(report.replay_left);
  metrics_.SetAssignedPartitions(report.assigned_partitions);
  if (report.records > 0) {
    metrics_.Update(report.stats);
    metrics_.ObserveBatch(report.input_bytes, report.processing);
    CountOutputs(report.outputs);
  }
  CountUndeliverable(waist);
  if (report.replay_left == 0) {
    for (const auto& [rule, event_ms] : report.raised) {
      metrics_.ObserveAlertLatency(rule, now - absl::FromUnixMillis(event_ms));
    }
  }
  if (now - lag_read_at_ < absl::Seconds(1)) return;
  lag_read_at_ = now;
  // Snapshots and ticks also happen where nothing comes.
  metrics_.Update(report.stats);
  const auto lags = source.Lag();
  for (const auto& [partition, lag] : lags) metrics_.SetConsumerLag(partition, lag);
  const auto is_first = [](const auto& lag) { return lag.first == 0; };
  baselines_->SetActive(std::any_of(lags.begin(), lags.end(), is_first));
}

runtime::WorkerHooks KafkaRun::Hooks(runtime::KafkaWaist& waist) {
  runtime::WorkerHooks hooks;
  hooks.on_batch = [this, &waist](const runtime::BatchReport& report) { OnBatch(report, waist); };
  hooks.on_commit = [this, &waist](absl::Duration took) {
    metrics_.ObserveCommit(took);
    if (waist.transactions() != nullptr) metrics_.UpdateTransactions(waist.transactions()->stats());
  };
  hooks.on_retry = [this, &source = waist.source()](const absl::Status& status) {
    health_.Tick(absl::Now());
    health_.SetKafka(source.reachable(), source.reachable() ? "" : "no broker answers");
    metrics_.AddCommitFailure();
    log_.Log(LogLevel::kWarning, "the cluster does not answer, trying again",
             {{"problem", std::string(status.message())}});
  };
  hooks.on_settled = [this](runtime::Worker& worker) {
    questions_.AnswerAll([&worker](std::string_view key) { return worker.Describe(key); });
  };
  AddAssignmentHooks(hooks);
  return hooks;
}

void KafkaRun::OnPolicy(int32_t partition, const PolicyReloader::Policy& policy,
                        runtime::PolicyFound found) {
  log_.Log(LogLevel::kInfo, "policy counts", {{"partition", partition}, {"policy", policy->stamp}});
  std::vector<runtime::MetricsOptions::Rule> rules;
  for (const alerts::Rule& rule : policy->rules) {
    rules.push_back({rule.name, std::string(alerts::TriggerName(rule.trigger)),
                     absl::AsciiStrToLower(v1::Alert::Severity_Name(rule.severity))});
  }
  metrics_.AddRules(rules);
  reloader_->Follow(policy);
  // Not by itself: who started this worker may know nothing of the policy that was stated since.
  if (found == runtime::PolicyFound::kInTheLog || policy->stamp == settings_.policy.stamp) return;
  log_.Log(LogLevel::kWarning,
           "the policy of this worker's file does not count here, another one was stated; "
           "SIGHUP or `peakend policy apply` states the file's",
           {{"partition", partition}, {"file", settings_.policy.stamp}});
}

void KafkaRun::AddAssignmentHooks(runtime::WorkerHooks& hooks) {
  hooks.on_policy = [this](int32_t partition, const PolicyReloader::Policy& policy,
                           runtime::PolicyFound found) { OnPolicy(partition, policy, found); };
  hooks.on_rebalance = [this](const std::string& change) {
    metrics_.AddRebalance();
    log_.Log(LogLevel::kInfo, "partitions changed", {{"change", change}});
  };
  hooks.on_restore = [this](int32_t partition, int64_t left) {
    health_.Tick(absl::Now());
    health_.SetReplayLeft(left);
    metrics_.SetReplayLeft(left);
    if (left == 0) log_.Log(LogLevel::kInfo, "state restored", {{"partition", partition}});
  };
  hooks.on_digest_difference = [this](int32_t partition) {
    log_.Log(LogLevel::kError,
             "a replay gave other outputs than those that were written: a defect of determinism, "
             "or another version of peakend wrote them; please report it",
             {{"partition", partition}});
  };
  hooks.on_loss = [this](int32_t partition, const std::string& lost) {
    log_.Log(LogLevel::kWarning, "going on without input that is lost, as --accept-loss says",
             {{"partition", partition}, {"lost", lost}});
  };
  hooks.on_snapshot = [this](int32_t partition, const absl::Status& status) {
    if (status.ok()) {
      log_.Log(LogLevel::kDebug, "snapshot written", {{"partition", partition}});
      return;
    }
    log_.Log(LogLevel::kWarning, "no snapshot could be written, trying again after the interval",
             {{"partition", partition}, {"problem", std::string(status.message())}});
  };
  hooks.on_snapshot_read = [this](int32_t partition, const absl::Status& status) {
    if (status.ok()) {
      log_.Log(LogLevel::kInfo, "snapshot read, going on with the changelog",
               {{"partition", partition}});
      return;
    }
    log_.Log(LogLevel::kWarning, "the snapshot cannot be used, reading the whole changelog",
             {{"partition", partition}, {"problem", std::string(status.message())}});
  };
  hooks.on_pause = [this] { cluster_->Pause(kRestorePause).IgnoreError(); };
}

std::unique_ptr<runtime::SnapshotStore> KafkaRun::OpenSnapshots() const {
  const v1::Config& config = settings_.config();
  if (config.checkpoint().snapshot_folder().empty()) return nullptr;
  runtime::SnapshotFolderOptions options;
  options.folder = config.checkpoint().snapshot_folder();
  options.group_id = config.kafka().group_id();
  options.input_topic = publish::InputTopicName(config.topics());
  options.max_age = absl::Seconds(config.checkpoint().snapshot_max_age().seconds());
  return std::make_unique<runtime::SnapshotFolder>(std::move(options), absl::Now);
}

absl::Status KafkaRun::RunWorker(int32_t input_partitions) {
  auto waist = runtime::KafkaWaist::Open(
      settings_.config(), [this](std::string_view facility) { return KafkaLogger(facility); });
  if (!waist.ok()) return waist.status();
  runtime::KafkaSource& source = (*waist)->source();
  const std::unique_ptr<runtime::SnapshotStore> snapshots = OpenSnapshots();
  runtime::WorkerOptions options = WorkerOptionsFrom(settings_.config());
  options.input_partitions = input_partitions;
  options.accept_loss = settings_.accept_loss;
  // Not before: its thread must not be the one that a signal finds.
  baselines_ = std::make_unique<BaselineKeeper>(settings_.config(), log_);
  runtime::Worker worker(
      options, settings_.policy,
      {source, (*waist)->sink(), source, &(*waist)->changelog(), snapshots.get()}, absl::Now,
      Hooks(**waist));
  if (absl::Status status = source.Subscribe(&worker); !status.ok()) return status;
  log_.Log(LogLevel::kInfo, "running",
           {{"topic", publish::InputTopicName(settings_.config().topics())},
            {"group", settings_.config().kafka().group_id()},
            {"policy", settings_.policy.stamp},
            {"delivery", settings_.config().delivery()}});
  return worker.Run([this] {
    if (hangup_.exchange(false, std::memory_order_acquire)) reloader_->Ask({});
    if (signal_->requested()) health_.StartDraining();
    return signal_->requested();
  });
}

ExitCode KafkaRun::Run() {
  const google::protobuf::Duration& limit = settings_.config().shutdown().limit();
  auto signal = runtime::ShutdownSignal::Start(
      absl::Seconds(limit.seconds()) + absl::Nanoseconds(limit.nanos()),
      [this](const char* name) {
        log_.Log(LogLevel::kInfo, "draining, a second signal ends at once", {{"signal", name}});
      },
      [this] { hangup_.store(true, std::memory_order_release); });
  if (!signal.ok()) {
    log_.Log(LogLevel::kError, "cannot listen for signals",
             {{"problem", std::string(signal.status().message())}});
    return ExitCode::kBug;
  }
  signal_ = *std::move(signal);
  cluster_ = std::make_unique<ClusterWait>(settings_, log_, health_,
                                           [this] { return signal_->requested(); });
  metrics_.SetReload(true, absl::Now());
  reloader_ = std::make_unique<PolicyReloader>(
      settings_, log_, [this](bool succeeded) { metrics_.SetReload(succeeded, absl::Now()); });
  absl::Status status = StartAdmin();
  if (status.ok()) {
    const auto partitions = cluster_->Await();
    status = partitions.ok() ? RunWorker(*partitions) : partitions.status();
  }
  if (admin_ != nullptr) admin_->Stop();
  if (status.ok() || absl::IsCancelled(status)) {
    log_.Log(LogLevel::kInfo, "stopped");
    return ExitCode::kOk;
  }
  log_.Log(LogLevel::kError, "cannot go on", {{"problem", std::string(status.message())}});
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
      return ExitCode::kUnavailable;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kOutOfRange:
      return ExitCode::kConfigError;
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kDeadlineExceeded:
      return ExitCode::kForced;
    default:
      return ExitCode::kBug;
  }
}

}  // namespace

ExitCode RunOnKafka(const RunSettings& settings, Invocation& call) {
  return KafkaRun(settings, call).Run();
}

}  // namespace peakend::cli
