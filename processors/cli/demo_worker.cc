#include "processors/cli/demo_worker.h"

#include <utility>

#include "absl/time/clock.h"

namespace peakend::cli {

absl::StatusOr<std::unique_ptr<DemoWorker>> DemoWorker::Start(const RunSettings& settings,
                                                              const runtime::KafkaLog& log) {
  std::unique_ptr<DemoWorker> demo(new DemoWorker());
  auto waist = runtime::KafkaWaist::Open(settings.config(), [&](std::string_view) { return log; });
  if (!waist.ok()) return waist.status();
  demo->waist_ = *std::move(waist);
  runtime::WorkerHooks hooks;
  hooks.on_batch = [raw = demo.get()](const runtime::BatchReport& report) { raw->Report(report); };
  runtime::KafkaSource& source = demo->waist_->source();
  demo->worker_ = std::make_unique<runtime::Worker>(
      WorkerOptionsFrom(settings.config()), settings.policy,
      runtime::Waist{source, demo->waist_->sink(), source, &demo->waist_->changelog()}, absl::Now,
      std::move(hooks));
  if (absl::Status status = source.Subscribe(demo->worker_.get()); !status.ok()) {
    return status;
  }
  demo->thread_ = std::thread([raw = demo.get()] {
    const absl::Status status = raw->worker_->Run([raw] { return raw->stop_.load(); });
    const std::lock_guard<std::mutex> lock(raw->mutex_);
    raw->progress_.status = status;
  });
  return demo;
}

DemoWorker::~DemoWorker() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

void DemoWorker::Report(const runtime::BatchReport& report) {
  const std::lock_guard<std::mutex> lock(mutex_);
  progress_.assigned_partitions = report.assigned_partitions;
  progress_.records += report.records;
  if (report.records > 0) progress_.stats = report.stats;
}

DemoWorker::Progress DemoWorker::progress() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return progress_;
}

}  // namespace peakend::cli
