// The processing loop: poll, process, append, commit, in that order.
//
// Guarantee: at least once. A record's outputs are delivered before its offset is
// committed; after a crash outputs may repeat, with equal ids, and never miss.
// Until state is recovered from a changelog an assigned partition is read from its
// beginning; it is caught up when it reaches the position committed before.
//
// Thread-safety: Run on one thread; the stop flag and the hooks' copies are the
// only things that others see.
#ifndef PEAKEND_PROCESSORS_RUNTIME_WORKER_H_
#define PEAKEND_PROCESSORS_RUNTIME_WORKER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "processors/ingest/decoder.h"
#include "processors/publish/output.h"
#include "processors/publish/policy.h"
#include "processors/runtime/engine_stats.h"
#include "processors/runtime/partition.h"
#include "processors/runtime/progress.h"
#include "processors/runtime/sink.h"
#include "processors/runtime/source.h"

namespace peakend::runtime {

struct WorkerOptions {
  std::string input_topic;  // Named in source coordinates.
  ingest::Limits limits;
  size_t batch_records = 1000;
  absl::Duration batch_wait = absl::Milliseconds(5);
  absl::Duration commit_interval = absl::Milliseconds(100);
  size_t commit_records = 50'000;
};

// What happened in one turn of the loop.
struct BatchReport {
  size_t records = 0;
  size_t input_bytes = 0;
  absl::Duration processing;
  // Event times of the alerts raised, by rule index.
  std::vector<std::pair<uint16_t, int64_t>> raised;
  const publish::OutputBatch& outputs;
  const EngineStats& stats;
  // Records between our positions and what was committed before the assignment; a
  // partition whose committed position is not known yet counts as 1.
  int64_t replay_left = 0;
  size_t assigned_partitions = 0;
};

// All optional; called on the worker's thread.
struct WorkerHooks {
  std::function<void(const BatchReport&)> on_batch;
  std::function<void(absl::Duration)> on_commit;
  std::function<void(const absl::Status&)> on_retry;  // an Unavailable answer
  std::function<void(const std::string&)> on_rebalance;
};

class Worker : public PartitionListener {
 public:
  // `clock` tells the time for commit intervals only; the engine never sees it.
  // All references must outlive the worker.
  Worker(const WorkerOptions& options, const publish::Policy& policy, Source& source, Sink& sink,
         Progress& progress, std::function<absl::Time()> clock, WorkerHooks hooks);

  // Runs until `stop` says so, then commits and closes the source. Returns the
  // first final error.
  absl::Status Run(const std::function<bool()>& stop);

  // One turn: at most one poll and, when due, one commit. For callers that own the
  // loop. Returns the number of records, or a final error.
  absl::StatusOr<size_t> RunOnce();
  // Commits what was processed. Errors: Unavailable = nothing is lost, try again;
  // anything else is final.
  absl::Status Commit();
  // The input has ended: closes everything that is open and commits.
  absl::Status Finish();

  const EngineStats& stats() const { return stats_; }

  std::vector<int64_t> OnAssigned(absl::Span<const int32_t> partitions) override;
  void OnRevoked(absl::Span<const int32_t> partitions, bool lost) override;

 private:
  struct Owned {
    std::unique_ptr<Partition> partition;
    int64_t next_offset = 0;
    // Unknown while the answer is awaited: then nothing is committed.
    std::optional<int64_t> committed_before;
  };

  // Positions that may be committed. Errors: Unavailable = a committed position is
  // not known yet; `positions` holds the others.
  absl::Status CollectPositions(Positions* positions);
  absl::Status CommitAll();
  void Process(absl::Span<const InputRecord> records, BatchReport& report);
  void ProcessOne(const InputRecord& record, Owned& owned, BatchReport& report);
  bool CommitIsDue() const;
  int64_t ReplayLeft() const;
  void UpdateGauges();

  const WorkerOptions options_;
  const publish::Policy& policy_;
  Source& source_;
  Sink& sink_;
  Progress& progress_;
  const std::function<absl::Time()> clock_;
  const WorkerHooks hooks_;
  ingest::Decoder decoder_;
  std::map<int32_t, Owned> owned_;
  publish::OutputBatch outputs_;
  EngineStats stats_;
  size_t uncommitted_ = 0;
  absl::Time last_commit_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_WORKER_H_
