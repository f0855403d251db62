#include "processors/cli/load_kafka.h"

#include <sys/prctl.h>

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "benchmarks/load/event_feed.h"
#include "benchmarks/load/latency_histogram.h"
#include "processors/cli/alert_wait.h"
#include "processors/cli/alert_watch.h"
#include "processors/cli/kafka_talk.h"
#include "processors/cli/load_expect.h"
#include "processors/cli/load_lag.h"
#include "processors/cli/load_screen.h"
#include "processors/cli/load_verdict.h"
#include "processors/cli/loaded_config.h"
#include "processors/publish/partitioner.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/kafka_offsets.h"
#include "processors/runtime/kafka_producer.h"
#include "processors/runtime/signals.h"

namespace peakend::cli {
namespace {

// From the decision to the first record: everything is connected and drawn by then.
constexpr absl::Duration kLead = absl::Milliseconds(500);
constexpr absl::Duration kLook = absl::Milliseconds(50);

// One run.
class LoadSession {
 public:
  LoadSession(const LoadFlags& flags, LoadOptions options, v1::Config config, Invocation& call)
      : flags_(flags),
        options_(std::move(options)),
        config_(std::move(config)),
        call_(call),
        topic_(publish::InputTopicName(config_.topics())),
        screen_(call, options_) {}

  ExitCode Run();

 private:
  // Nullopt: go on.
  std::optional<ExitCode> Connect();
  std::optional<ExitCode> RefuseOtherContent();
  absl::Status SendAll();
  absl::Time Intended(int64_t due_us) const {
    return begin_ + absl::Microseconds(static_cast<double>(due_us) / options_.speed);
  }
  // Waits until then; false = asked to stop.
  bool WaitUntil(absl::Time time);
  absl::Status SendRecord(const load::LoadRecord& record);
  void NoteLate(int64_t due_us, int64_t late_us);
  void ShowProgress(int64_t due_us, absl::Time now);
  // What comes of the last records.
  absl::Status AwaitAlerts();
  ExitCode Conclude(const absl::Status& status);
  v1::LoadDelivery Delivery() const;

  const LoadFlags& flags_;
  LoadOptions options_;
  const v1::Config config_;
  Invocation& call_;
  const std::string topic_;
  LoadScreen screen_;
  std::unique_ptr<runtime::ShutdownSignal> signal_;
  std::unique_ptr<runtime::KafkaProducer> producer_;
  std::unique_ptr<AlertWatch> watch_;
  std::unique_ptr<LoadLag> lag_;
  std::optional<load::EventFeed> feed_;
  absl::Time begin_;
  absl::Time end_;
  load::LatencyHistogram late_;
  int64_t offered_ = 0;
  int64_t warm_up_records_ = 0;
  std::optional<int64_t> lag_at_end_;
  bool watch_cut_ = false;
  std::map<int32_t, int64_t> by_partition_;
};

std::optional<ExitCode> LoadSession::Connect() {
  auto signal = runtime::ShutdownSignal::Start(kLoadShutdownLimit);
  if (!signal.ok()) return ReportKafkaError(signal.status(), call_);
  signal_ = *std::move(signal);
  auto producer = runtime::KafkaProducer::Open(config_, topic_, KafkaTalk(call_), kClusterLimit);
  if (!producer.ok()) return ReportKafkaError(producer.status(), call_);
  producer_ = *std::move(producer);
  if (!flags_.append) {
    if (const std::optional<ExitCode> refused = RefuseOtherContent()) return refused;
  }
  if (!flags_.no_alerts) {
    auto watch = AlertWatch::Open(config_, KafkaTalk(call_), kClusterLimit);
    if (watch.ok()) {
      watch_ = *std::move(watch);
    } else if (!absl::IsNotFound(watch.status())) {
      return ReportKafkaError(watch.status(), call_);
    } else if (!call_.quiet) {
      *call_.err << "There is no alert topic: latencies of alerts are not measured.\n";
    }
  }
  lag_ = std::make_unique<LoadLag>(config_, topic_, producer_->partitions());
  return std::nullopt;
}

std::optional<ExitCode> LoadSession::RefuseOtherContent() {
  auto offsets = runtime::KafkaOffsets::Open(config_, KafkaTalk(call_));
  if (!offsets.ok()) return ReportKafkaError(offsets.status(), call_);
  std::vector<int32_t> partitions(static_cast<size_t>(producer_->partitions()));
  std::iota(partitions.begin(), partitions.end(), 0);
  const auto first = (*offsets)->Ask(topic_, partitions, runtime::KafkaEdge::kFirst, kClusterLimit);
  if (!first.ok()) return ReportKafkaError(first.status(), call_);
  const auto end =
      (*offsets)->Ask(topic_, partitions, runtime::KafkaEdge::kBehindLast, kClusterLimit);
  if (!end.ok()) return ReportKafkaError(end.status(), call_);
  int64_t there = 0;
  for (const auto& [partition, offset] : *end) there += offset - first->at(partition);
  if (there == 0) return std::nullopt;
  *call_.err << "error: topic `" << topic_ << "` holds " << there
             << " records already, so that no manifest would describe it: --append adds to them\n";
  return ExitCode::kUsage;
}

bool LoadSession::WaitUntil(absl::Time time) {
  while (true) {
    const absl::Duration left = time - absl::Now();
    if (signal_->requested()) return false;
    if (left <= absl::ZeroDuration()) return true;
    absl::SleepFor(std::min(left, kLook));
  }
}

absl::Status LoadSession::SendRecord(const load::LoadRecord& record) {
  runtime::ProducedRecord produced;
  if (!record.key.empty()) produced.key = record.key;
  produced.value = record.value;
  produced.partition =
      record.key.empty() ? 0 : publish::PartitionFor(record.key, producer_->partitions());
  ++by_partition_[*produced.partition];
  ++offered_;
  return producer_->Send(produced);
}

void LoadSession::NoteLate(int64_t due_us, int64_t late_us) {
  if (due_us < options_.warm_up_us()) {
    ++warm_up_records_;
  } else {
    late_.Record(late_us);
  }
  if (watch_ != nullptr) watch_->Sent(due_us, late_us);
}

void LoadSession::ShowProgress(int64_t due_us, absl::Time now) {
  if (!screen_.Due(now)) return;
  LoadScreen::Figures figures;
  figures.due_us = due_us;
  figures.records = offered_;
  figures.waiting = offered_ - producer_->delivered() - producer_->refused();
  figures.lag = lag_->Newest();
  figures.late = late_.Quantiles();
  if (watch_ != nullptr) figures.alerts = watch_->Read().intended.Quantiles();
  screen_.Show(figures, now);
}

absl::Status LoadSession::SendAll() {
  // A sleep ends when it should, not up to 50 us later.
  prctl(PR_SET_TIMERSLACK, 1);
  for (load::LoadRecord record; feed_->Next(record);) {
    const absl::Time intended = Intended(record.due_us);
    absl::Time now = absl::Now();
    if (now < intended) {
      ShowProgress(record.due_us, now);
      if (!WaitUntil(intended)) return absl::CancelledError("stopped by a signal");
      now = absl::Now();
    }
    if (absl::Status sent = SendRecord(record); !sent.ok() && !absl::IsInvalidArgument(sent)) {
      return sent;
    }
    // Not before: the client may have had to wait.
    now = absl::Now();
    NoteLate(record.due_us, absl::ToInt64Microseconds(now - intended));
    if (offered_ % 1024 == 0) {
      ShowProgress(record.due_us, now);
      if (signal_->requested()) return absl::CancelledError("stopped by a signal");
    }
  }
  WaitUntil(Intended(options_.part.length_us));
  return absl::OkStatus();
}

absl::Status LoadSession::AwaitAlerts() {
  AlertWait wait(absl::Now(), watch_->alerts());
  while (true) {
    if (!WaitUntil(absl::Now() + kLook)) {
      return absl::CancelledError("stopped by a signal before all alerts had come");
    }
    const absl::Time now = absl::Now();
    ShowProgress(options_.part.length_us, now);
    const AlertWait::Next next = wait.Look(now, watch_->alerts());
    watch_cut_ = next == AlertWait::Next::kCut;
    if (next != AlertWait::Next::kWait) return absl::OkStatus();
  }
}

ExitCode LoadSession::Run() {
  if (const std::optional<ExitCode> refused = Connect()) return *refused;
  if (!call_.quiet) *call_.err << "Playing out what is under way already ...\n" << std::flush;
  feed_.emplace(options_.profile, options_.part);
  feed_->Prepare();
  begin_ = absl::FromUnixMillis(absl::ToUnixMillis(absl::Now() + kLead));
  if (options_.part.start_at_ms == 0) {
    // Events of a fast load must not lie in the future when they leave.
    const double ahead_s =
        static_cast<double>(options_.part.length_us) / 1e6 * std::max(0.0, 1 - 1 / options_.speed);
    options_.part.start_at_ms = absl::ToUnixMillis(begin_ - absl::Seconds(ahead_s));
    feed_->StartAt(options_.part.start_at_ms);
  }
  if (watch_ != nullptr) {
    watch_->Start({.part = options_.part,
                   .begin = begin_,
                   .speed = options_.speed,
                   .warm_up_us = options_.warm_up_us()});
  }
  absl::Status status = SendAll();
  end_ = absl::Now();
  lag_at_end_ = lag_->Newest();
  status.Update(producer_->Flush(kDeliveryLimit));
  if (watch_ != nullptr && status.ok()) status = AwaitAlerts();
  if (watch_ != nullptr) watch_->Stop();
  screen_.End();
  return Conclude(status);
}

v1::LoadDelivery LoadSession::Delivery() const {
  v1::LoadDelivery delivery;
  const double length_s = static_cast<double>(options_.part.length_us) / 1e6 / options_.speed;
  const double seconds = std::max(1e-3, absl::ToDoubleSeconds(end_ - begin_));
  delivery.set_offered(offered_);
  delivery.set_delivered(producer_->delivered());
  delivery.set_refused(producer_->refused());
  delivery.set_seconds(seconds);
  // Stopped early, what was due until then.
  delivery.set_offered_rate(static_cast<double>(offered_) / std::min(seconds, length_s));
  delivery.set_achieved_rate(static_cast<double>(producer_->delivered()) / seconds);
  *delivery.mutable_lateness_us() = late_.Quantiles();
  if (lag_at_end_) delivery.set_lag_at_end(*lag_at_end_);
  delivery.set_warm_up_ms(absl::ToInt64Milliseconds(options_.warm_up));
  delivery.set_warm_up_records(warm_up_records_);
  if (watch_ == nullptr) return delivery;
  delivery.set_alert_watch_cut(watch_cut_);
  const AlertWatch::Latencies latencies = watch_->Read();
  delivery.set_warm_up_alerts(latencies.warm_up);
  if (latencies.intended.count() > 0) {
    *delivery.mutable_alert_latency_us() = latencies.intended.Quantiles();
    *delivery.mutable_alert_latency_from_send_us() = latencies.sent.Quantiles();
  }
  if (latencies.deadline.count() > 0) {
    *delivery.mutable_deadline_alert_latency_us() = latencies.deadline.Quantiles();
  }
  return delivery;
}

ExitCode LoadSession::Conclude(const absl::Status& status) {
  v1::LoadManifest manifest = ManifestOf(options_);
  feed_->tally().Fill(&manifest);
  for (const auto& [partition, records] : by_partition_) {
    (*manifest.mutable_content()->mutable_by_partition())[partition] = records;
  }
  *manifest.mutable_delivery() = Delivery();
  if (!status.ok()) manifest.add_void_because(std::string(status.message()));
  for (std::string& why : VoidReasons(manifest.delivery(), options_.most_late)) {
    manifest.add_void_because(std::move(why));
  }
  if (!call_.quiet) *call_.err << DeliveryText(manifest.delivery());
  // Of what was stopped half way nothing is expected.
  const bool known =
      !status.ok() || AddExpected(
                          options_, {.partitions = producer_->partitions(), .begin = begin_},
                          [&] { return signal_->requested(); }, &manifest, call_);
  for (const std::string& why : manifest.void_because()) {
    *call_.err << "void: " << why << "\n";
  }
  if (!WriteManifest(flags_, manifest, call_)) return ExitCode::kUnavailable;
  if (!status.ok() && !absl::IsCancelled(status)) return ReportKafkaError(status, call_);
  if (!known) return ExitCode::kForced;
  return manifest.void_because().empty() ? ExitCode::kOk : ExitCode::kChecksFailed;
}

}  // namespace

ExitCode LoadKafka(const LoadFlags& flags, LoadOptions options, Invocation& call) {
  if (!ManifestIsFree(flags, call)) return ExitCode::kUsage;
  std::optional<LoadedConfig> loaded = LoadCallConfig(call);
  if (!loaded) return ExitCode::kConfigError;
  return LoadSession(flags, std::move(options), std::move(loaded->config), call).Run();
}

}  // namespace peakend::cli
