#include "processors/cli/demo_run.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "processors/cli/demo_day.h"
#include "processors/cli/demo_text.h"
#include "processors/cli/demo_worker.h"
#include "processors/cli/kafka_talk.h"
#include "processors/cli/run_settings.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/kafka_mock_cluster.h"
#include "processors/runtime/kafka_producer.h"
#include "processors/runtime/kafka_reader.h"

namespace peakend::cli {
namespace {

constexpr int kPartitions = 4;
constexpr absl::Duration kDemoLimit = absl::Minutes(1);
// Beyond the journey gap of the default policy.
constexpr absl::Duration kQuietAfterwards = absl::Hours(4 * 24);
constexpr absl::Duration kGlance = absl::Milliseconds(20);
constexpr size_t kMaxRows = 1000;

class DemoRun {
 public:
  DemoRun(const DemoOptions& options, const RunSettings& settings, Invocation& call)
      : options_(options),
        settings_(settings),
        log_(KafkaTalk(call)),
        screen_(*call.out, {call.color_out, options.language}, settings.policy_source),
        ends_by_(absl::Now() + kDemoLimit) {}

  absl::Status Run();

 private:
  absl::Status Open();
  absl::Status Join();
  absl::Status TellTheDay(const DemoDay& day);
  absl::Status EndTheDay(const DemoDay& day);
  absl::Status Send(const DemoRecord& record, std::optional<int32_t> partition);
  // Moves the time of every partition to `at_ms`.
  absl::Status Tick(int64_t at_ms);
  // Shows what the alerts' topic has, waiting at most `wait` for it.
  absl::Status ShowAlerts(absl::Duration wait);
  // Waits until all that was sent is processed and all that came of it was read.
  absl::Status WaitForAlerts();
  absl::Status ReadJourneys();
  absl::Status StillFine() const;

  const DemoOptions options_;
  const RunSettings& settings_;
  const runtime::KafkaLog log_;
  DemoScreen screen_;
  const absl::Time ends_by_;
  std::unique_ptr<runtime::KafkaProducer> producer_;
  std::unique_ptr<runtime::KafkaReader> alerts_;
  std::unique_ptr<DemoWorker> worker_;
  size_t sent_ = 0;
  int64_t alert_rows_ = 0;
  std::vector<v1::Journey> journey_rows_;
};

int64_t AlertTransitions(const runtime::EngineStats& stats) {
  int64_t count = 0;
  for (const auto& [rule, states] : stats.alerts) {
    for (const int64_t state : states) count += state;
  }
  return count;
}

absl::Status DemoRun::StillFine() const {
  if (absl::Status status = worker_->progress().status; !status.ok()) return status;
  if (absl::Now() < ends_by_) return absl::OkStatus();
  return absl::DeadlineExceededError("the embedded broker did not get done within a minute");
}

absl::Status DemoRun::Open() {
  const v1::TopicsConfig& topics = settings_.config().topics();
  auto producer = runtime::KafkaProducer::Open(settings_.config(), publish::InputTopicName(topics),
                                               log_, kClusterLimit);
  if (!producer.ok()) return producer.status();
  producer_ = *std::move(producer);
  auto alerts = runtime::KafkaReader::Open(settings_.config(),
                                           publish::TopicName(topics, publish::Topic::kAlerts),
                                           runtime::kBeginning, log_, kClusterLimit);
  if (!alerts.ok()) return alerts.status();
  alerts_ = *std::move(alerts);
  auto worker = DemoWorker::Start(settings_, log_);
  if (!worker.ok()) return worker.status();
  worker_ = *std::move(worker);
  return absl::OkStatus();
}

absl::Status DemoRun::Join() {
  while (worker_->progress().assigned_partitions < kPartitions) {
    if (absl::Status status = StillFine(); !status.ok()) return status;
    absl::SleepFor(kGlance);
  }
  return absl::OkStatus();
}

absl::Status DemoRun::Send(const DemoRecord& record, std::optional<int32_t> partition) {
  runtime::ProducedRecord produced;
  produced.key = record.key;
  produced.value = record.value;
  produced.partition = partition;
  produced.timestamp_ms = record.arrives_at_ms;
  ++sent_;
  return producer_->Send(produced);
}

absl::Status DemoRun::Tick(int64_t at_ms) {
  for (int32_t partition = 0; partition < kPartitions; ++partition) {
    const absl::Status status = Send(DemoClockTick(at_ms, partition), partition);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status DemoRun::ShowAlerts(absl::Duration wait) {
  const auto records = alerts_->Read(wait, kMaxRows);
  if (!records.ok()) return records.status();
  std::vector<v1::Alert> rows;
  for (const runtime::StoredRecord& record : *records) {
    v1::Alert alert;
    if (!alert.ParseFromString(record.value.value_or(""))) {
      return absl::InternalError("an alert that cannot be read");
    }
    rows.push_back(std::move(alert));
  }
  // The four partitions answer in any order.
  std::stable_sort(rows.begin(), rows.end(), [](const v1::Alert& a, const v1::Alert& b) {
    return a.updated_at_ms() < b.updated_at_ms();
  });
  for (const v1::Alert& row : rows) screen_.ShowAlert(row);
  alert_rows_ += static_cast<int64_t>(rows.size());
  return absl::OkStatus();
}

absl::Status DemoRun::WaitForAlerts() {
  if (absl::Status status = producer_->Flush(kClusterLimit); !status.ok()) return status;
  while (true) {
    const DemoWorker::Progress progress = worker_->progress();
    const bool processed = progress.records == sent_;
    if (processed && alert_rows_ == AlertTransitions(progress.stats)) return absl::OkStatus();
    if (absl::Status status = StillFine(); !status.ok()) return status;
    if (absl::Status status = ShowAlerts(kGlance); !status.ok()) return status;
  }
}

absl::Status DemoRun::TellTheDay(const DemoDay& day) {
  screen_.AlertHeader();
  const absl::Time began = absl::Now();
  const absl::Duration step = options_.day_takes / static_cast<int64_t>(day.records.size());
  int64_t ticked_ms = 0;
  for (size_t i = 0; i < day.records.size(); ++i) {
    const absl::Time due = began + step * static_cast<int64_t>(i);
    while (absl::Now() < due) {
      if (absl::Status status = ShowAlerts(std::min(kGlance, due - absl::Now())); !status.ok()) {
        return status;
      }
    }
    // A quiet partition would otherwise notice hours later that a contact ended.
    const int64_t minute_ms = day.records[i].arrives_at_ms / 60'000 * 60'000;
    if (minute_ms > std::exchange(ticked_ms, minute_ms)) {
      if (absl::Status status = Tick(minute_ms); !status.ok()) return status;
    }
    if (absl::Status status = Send(day.records[i], std::nullopt); !status.ok()) return status;
  }
  return WaitForAlerts();
}

absl::Status DemoRun::EndTheDay(const DemoDay& day) {
  const int64_t later_ms =
      day.records.back().arrives_at_ms + absl::ToInt64Milliseconds(kQuietAfterwards);
  if (absl::Status status = Tick(later_ms); !status.ok()) return status;
  if (absl::Status status = WaitForAlerts(); !status.ok()) return status;
  return ReadJourneys();
}

absl::Status DemoRun::ReadJourneys() {
  auto reader = runtime::KafkaReader::Open(
      settings_.config(),
      publish::TopicName(settings_.config().topics(), publish::Topic::kJourneys),
      runtime::kBeginning, log_, kClusterLimit);
  if (!reader.ok()) return reader.status();
  const auto expected = static_cast<size_t>(worker_->progress().stats.journey_revisions);
  while (journey_rows_.size() < expected) {
    if (absl::Status status = StillFine(); !status.ok()) return status;
    const auto records = (*reader)->Read(kGlance, kMaxRows);
    if (!records.ok()) return records.status();
    for (const runtime::StoredRecord& record : *records) {
      if (!journey_rows_.emplace_back().ParseFromString(record.value.value_or(""))) {
        return absl::InternalError("a journey that cannot be read");
      }
    }
  }
  return absl::OkStatus();
}

absl::Status DemoRun::Run() {
  const absl::StatusOr<DemoDay> day = MakeDemoDay(DemoConversations());
  if (!day.ok()) return absl::InternalError(absl::StrCat("the day: ", day.status().message()));
  if (absl::Status status = Open(); !status.ok()) return status;
  screen_.Say("joining the consumer group, which takes the broker 3 seconds ...");
  if (absl::Status status = Join(); !status.ok()) return status;
  screen_.Say(absl::StrCat("producing a day of a contact center, 09:00 to 17:00, in ",
                           absl::ToInt64Seconds(options_.day_takes), " seconds: ",
                           day->conversations, " conversations, ", day->records.size(),
                           " records;\na clock tick a minute tells each partition the time"));
  if (absl::Status status = TellTheDay(*day); !status.ok()) return status;
  screen_.Say("");
  screen_.Say("the day is over; after one more tick, four days later, each journey has ended:");
  if (absl::Status status = EndTheDay(*day); !status.ok()) return status;
  screen_.ShowJourneys(journey_rows_);
  screen_.ShowTotals(worker_->progress().stats, day->records.size(),
                     FinalJourneys(journey_rows_).size());
  return absl::OkStatus();
}

std::vector<std::string> NamesOfTopics(const v1::Config& config) {
  std::vector<std::string> names;
  for (const publish::Topic topic : publish::TopicsOf(config)) {
    names.push_back(publish::TopicName(config.topics(), topic));
  }
  return names;
}

void SayNextSteps(std::ostream& out) {
  out << "\nWhat next:\n"
         "  peakend import conversations FILE | peakend run --input - --output -\n"
         "                                 the same on conversations of yours, with no Kafka\n"
         "  peakend run -X kafka.bootstrap_servers=HOST:9092\n"
         "                                 on your own Kafka, after `peakend topics create`\n";
}

}  // namespace

ExitCode RunDemo(const DemoOptions& options, Invocation& call) {
  Invocation plain = call;
  plain.environment.clear();
  std::optional<RunSettings> settings = LoadRunSettings("", runtime::RunsOn::kKafka, plain);
  if (!settings) return ExitCode::kConfigError;
  v1::Config& config = settings->loaded.config;
  auto mock = runtime::KafkaMockCluster::Start(NamesOfTopics(config), kPartitions, KafkaTalk(call));
  if (!mock.ok()) {
    *call.err << "error: the embedded broker cannot start: " << mock.status().message()
              << std::endl;
    return ExitCode::kUnavailable;
  }
  config.mutable_kafka()->set_bootstrap_servers((*mock)->bootstrap_servers());
  config.mutable_kafka()->set_group_id("peakend-demo");
  // The embedded broker takes transactions and means nothing by them.
  config.set_delivery("at_least_once");
  // The day ticks by itself; a worker that sees its end would write a tick of today.
  config.mutable_worker()->mutable_tick_interval()->set_seconds(24 * 60 * 60);
  // The mock answers an empty fetch after this, whatever comes meanwhile.
  config.mutable_kafka()->mutable_properties()->insert({"fetch.wait.max.ms", "10"});
  *call.out << "peakend demo: the main job on an embedded broker at "
            << (*mock)->bootstrap_servers() << "\n(librdkafka's mock cluster, " << kPartitions
            << " partitions, delivery at least once; nothing leaves this machine)\n\n";
  const absl::Status status = DemoRun(options, *settings, call).Run();
  if (!status.ok()) return ReportKafkaError(status, call);
  SayNextSteps(*call.out);
  return ExitCode::kOk;
}

}  // namespace peakend::cli
