// One life of a worker process: the very worker and sink of the engine, on clients of the
// model broker. Destroying it without Stop is a crash.
//
// Thread-safety: none. Neither moves nor is copied: its parts refer to each other.
#ifndef PEAKEND_TESTS_SIMULATION_PROCESS_H_
#define PEAKEND_TESTS_SIMULATION_PROCESS_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "processors/publish/policy.h"
#include "processors/runtime/transactional_sink.h"
#include "processors/runtime/worker.h"
#include "tests/simulation/copy_worker.h"
#include "tests/simulation/network.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/sim_changelog.h"
#include "tests/simulation/sim_snapshots.h"
#include "tests/simulation/sim_source.h"
#include "tests/simulation/sim_transaction_client.h"

namespace peakend::simulation {

class Process {
 public:
  struct Identity {
    int slot = 0;
    std::string transactional_id;
    std::string instance;  // "" = no static membership
  };
  // What the worker itself finds wrong, and what it says about its work.
  struct Voices {
    std::function<void(const std::string&)> defect;
    std::function<void(const std::string&)> news;
  };
  // `network`, `disk` and `policy` must outlive the process.
  Process(Network& network, SimDisk& disk, Pipeline pipeline, const runtime::WorkerOptions& options,
          const publish::Policy& policy, const Identity& identity, Voices voices);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Returns how many records were taken. Errors are final: the process would exit now.
  absl::StatusOr<size_t> Turn();
  absl::Status Stop();
  void Heartbeat() { source_.Heartbeat(); }
  const runtime::TransactionalSink::Stats& sink_stats() const { return sink_.stats(); }

 private:
  SimSource source_;
  SimTransactionClient client_;
  SimChangelog changelog_;
  SimSnapshots snapshots_;
  runtime::TransactionalSink sink_;
  const std::function<void(const std::string&)> news_;
  std::unique_ptr<runtime::Worker> worker_;
  std::unique_ptr<CopyWorker> copy_worker_;
};

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_PROCESS_H_
