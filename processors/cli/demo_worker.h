// The worker of `peakend run` on a thread of its own, as the demo needs it.
//
// Thread-safety: one owner's thread; what it shares with the worker's thread is
// behind a lock.
#ifndef PEAKEND_PROCESSORS_CLI_DEMO_WORKER_H_
#define PEAKEND_PROCESSORS_CLI_DEMO_WORKER_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "processors/cli/run_settings.h"
#include "processors/runtime/engine_stats.h"
#include "processors/runtime/kafka_client.h"
#include "processors/runtime/kafka_waist.h"
#include "processors/runtime/worker.h"

namespace peakend::cli {

class DemoWorker {
 public:
  struct Progress {
    size_t assigned_partitions = 0;
    size_t records = 0;
    runtime::EngineStats stats;
    absl::Status status;  // why the worker ended by itself; ok while it runs
  };

  // Joins the consumer group in the background. `settings` must outlive the worker.
  static absl::StatusOr<std::unique_ptr<DemoWorker>> Start(const RunSettings& settings,
                                                           const runtime::KafkaLog& log);
  // Drains, commits and leaves the group.
  ~DemoWorker();

  Progress progress() const;

 private:
  DemoWorker() = default;
  void Report(const runtime::BatchReport& report);

  mutable std::mutex mutex_;
  Progress progress_;
  std::atomic<bool> stop_ = false;
  std::unique_ptr<runtime::KafkaWaist> waist_;
  std::unique_ptr<runtime::Worker> worker_;
  std::thread thread_;
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_DEMO_WORKER_H_
