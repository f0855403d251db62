#include "processors/cli/baseline_keeper.h"

#include <string_view>

#include "absl/time/clock.h"
#include "processors/runtime/kafka_baseline.h"

namespace peakend::cli {
namespace {

constexpr absl::Duration kAnswerLimit = absl::Seconds(30);

}  // namespace

BaselineKeeper::BaselineKeeper(const v1::Config& config, runtime::Logger& log)
    : config_(config),
      log_(log),
      interval_(absl::Seconds(config.baseline().interval().seconds()) +
                absl::Nanoseconds(config.baseline().interval().nanos())) {
  if (interval_ > absl::ZeroDuration()) thread_ = std::thread([this] { Run(); });
}

BaselineKeeper::~BaselineKeeper() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void BaselineKeeper::SetActive(bool active) {
  {
    const std::lock_guard lock(mutex_);
    if (active_ == active) return;
    active_ = active;
  }
  changed_.notify_all();
}

bool BaselineKeeper::stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

bool BaselineKeeper::WaitUntilDue() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return active_ || stopping_; });
    if (stopping_) return false;
    const bool interrupted = changed_.wait_for(lock, absl::ToChronoNanoseconds(interval_),
                                               [this] { return !active_ || stopping_; });
    if (stopping_) return false;
    if (!interrupted) return true;
  }
}

void BaselineKeeper::Run() {
  while (WaitUntilDue()) {
    const absl::Status status = LearnAndWrite();
    if (status.ok() || absl::IsCancelled(status)) continue;
    // What a broken connection has read is not known: from the beginning again.
    learner_.reset();
    log_.Log(runtime::LogLevel::kWarning, "no baseline could be learned, trying again later",
             {{"problem", std::string(status.message())}});
  }
}

absl::Status BaselineKeeper::LearnAndWrite() {
  if (learner_ == nullptr) {
    auto learner = runtime::KafkaBaseline::Open(
        config_,
        [this](int level, std::string_view message) { log_.LogKafka(level, "baseline", message); },
        kAnswerLimit);
    if (!learner.ok()) return learner.status();
    learner_ = *std::move(learner);
  }
  const auto baseline = learner_->Learn(absl::Now(), [this] { return stopping(); });
  if (!baseline.ok()) return baseline.status();
  if (baseline->cells().empty() || baseline->version() == written_) return absl::OkStatus();
  const auto partitions = learner_->Write(*baseline, kAnswerLimit);
  if (!partitions.ok()) return partitions.status();
  written_ = baseline->version();
  log_.Log(runtime::LogLevel::kInfo, "baseline written",
           {{"version", written_}, {"cells", baseline->cells_size()}, {"partitions", *partitions}});
  return absl::OkStatus();
}

}  // namespace peakend::cli
