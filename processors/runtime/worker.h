// The processing loop: poll, process, append, commit, in that order.
//
// Whether outputs are exactly once or at least once is the sink's matter. With a
// changelog a commit carries the state of changed customers and the partition's
// progress, and an assigned partition is restored before its first record; what
// stands between its low-water mark and the committed position is processed again
// without outputs. Without one (file mode) a partition is read from its beginning.
//
// Time on a quiet partition: when something is due there and nothing more can be
// read, the worker writes a clock tick into the input. The engine itself only ever
// sees the log.
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
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "processors/ingest/decoder.h"
#include "processors/publish/output.h"
#include "processors/publish/policy.h"
#include "processors/runtime/changelog.h"
#include "processors/runtime/checkpoint.h"
#include "processors/runtime/committed_record.h"
#include "processors/runtime/engine_stats.h"
#include "processors/runtime/partition.h"
#include "processors/runtime/progress.h"
#include "processors/runtime/sink.h"
#include "processors/runtime/snapshot_store.h"
#include "processors/runtime/snapshot_walk.h"
#include "processors/runtime/source.h"

namespace peakend::runtime {

// What a worker stands between; all must outlive it. Source, sink and progress are
// often one object.
struct Waist {
  Source& source;
  Sink& sink;
  Progress& progress;
  Changelog* changelog = nullptr;      // null = state is not kept
  SnapshotStore* snapshots = nullptr;  // null = none are kept; needs a changelog
};

struct WorkerOptions {
  std::string input_topic;       // Named in source coordinates.
  int32_t input_partitions = 1;  // That it has, of which we own some.
  ingest::Limits limits;
  size_t batch_records = 1000;
  absl::Duration batch_wait = absl::Milliseconds(5);
  absl::Duration commit_interval = absl::Milliseconds(100);
  size_t commit_records = 50'000;
  CheckpointOptions checkpoint;
  SnapshotWalkOptions snapshots;
  // For the state of a partition that is given up.
  absl::Duration revoke_budget = absl::Seconds(5);
  // Outputs and positions are committed as one, so they must agree on a restart.
  bool exactly_once = true;
  // Go on although the log no longer holds all that a replay needs, or all that was not
  // processed yet.
  bool accept_loss = false;
  // Of policies that the input states.
  PolicyCompiler compile_policy = CompileRecordedPolicy;
  // Rows for warehouses.
  publish::RowSettings rows = {};
  // Between two looks for something due on a quiet partition.
  absl::Duration tick_interval = absl::Seconds(1);
  // Tries to learn the committed position and to read the changelog, with a pause
  // between them, before a partition is given up.
  int restore_tries = 60;
};

// What happened in one turn of the loop.
struct BatchReport {
  size_t records = 0;
  size_t input_bytes = 0;
  absl::Duration processing;
  // Event times of the alerts raised, by rule.
  std::vector<std::pair<std::string, int64_t>> raised;
  const publish::OutputBatch& outputs;
  const EngineStats& stats;
  // Records between our positions and what was committed before the assignment; a
  // partition whose committed position is not known yet counts as 1.
  int64_t replay_left = 0;
  size_t assigned_partitions = 0;
};

class Worker;

enum class PolicyFound : uint8_t {
  kAtAssignment,  // it has counted since before
  kInTheLog,      // it counts from here on
};

// All optional; called on the worker's thread.
struct WorkerHooks {
  std::function<void(const BatchReport&)> on_batch;
  std::function<void(absl::Duration)> on_commit;
  // What is in memory is what is committed: now Worker::Describe can be asked. At the
  // end of a turn that committed, or that had nothing to commit.
  std::function<void(Worker&)> on_settled;
  std::function<void(const absl::Status&)> on_retry;  // an Unavailable answer
  std::function<void(const std::string&)> on_rebalance;
  // A partition is being restored: records still to be read.
  std::function<void(int32_t, int64_t)> on_restore;
  // A policy that the log states counts in a partition.
  std::function<void(int32_t, const std::shared_ptr<const publish::Policy>&, PolicyFound)>
      on_policy;
  // The outputs of a replay are not those that were written: a defect.
  std::function<void(int32_t)> on_digest_difference;
  // A loss that was accepted: which records, in words.
  std::function<void(int32_t, const std::string&)> on_loss;
  // A snapshot was written, or could not be.
  SnapshotWalk::OnOutcome on_snapshot;
  // A snapshot was read, or why it cannot be used; then the changelog is read instead.
  std::function<void(int32_t, const absl::Status&)> on_snapshot_read;
  // Before something unavailable during an assignment is tried again.
  std::function<void()> on_pause;
};

class Worker : public PartitionListener {
 public:
  // `clock` tells the time for intervals only; the engine never sees it. `policy`
  // counts where the log states none; it must outlive the worker.
  Worker(const WorkerOptions& options, const publish::Policy& policy, const Waist& waist,
         std::function<absl::Time()> clock, WorkerHooks hooks);

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

  // The customer with this record key, as of the commit of their partition; within
  // on_settled. A key stands in one partition, else the lowest one's counts. Errors:
  // NotFound = no partition of this worker has them; Unavailable = one that may have them
  // is replaying, or something is not committed. They name partitions, never the key.
  absl::StatusOr<CommittedRecord> Describe(std::string_view key);

  std::vector<int64_t> OnAssigned(absl::Span<const int32_t> partitions) override;
  void OnRevoked(absl::Span<const int32_t> partitions, bool lost) override;

 private:
  struct Owned {
    std::unique_ptr<Partition> partition;
    int64_t next_offset = 0;
    int64_t written_offset = -1;            // position of the newest progress record we wrote
    int64_t committed = kNothingCommitted;  // before the assignment
    Snapshot snapshot;  // that it was restored from; begun in the infinite past = none
    // Clock ticks: not before this time; each one that fired nothing doubles the wait.
    absl::Time tick_after = absl::InfinitePast();
    absl::Duration tick_pause;
    int64_t ticked_for_ms = 0;
    bool tick_under_way = false;
  };

  Positions AllPositions() const;
  void AppendState(bool everything);
  absl::Status AppendOutputs();
  absl::Status CommitAll();
  void Process(absl::Span<const InputRecord> records, BatchReport& report);
  void ProcessOne(const InputRecord& record, Owned& owned, BatchReport& report);
  void WriteTicks();
  void WriteTick(int32_t id, Owned& owned, absl::Time now);
  void BeginSnapshot();
  bool CommitIsDue() const;
  int64_t ReplayLeft() const;
  void UpdateGauges();

  // Assignment.
  absl::StatusOr<Owned> Restore(int32_t id);
  absl::StatusOr<Owned> RestoreOnce(int32_t id);
  absl::Status ReadState(int32_t id, Owned& owned);
  absl::StatusOr<int64_t> ReadSnapshot(int32_t id, Owned& owned);
  absl::Status TakeState(int32_t id, const ChangelogRecord& record, Partition& partition);
  void GiveUpSnapshot(int32_t id, const absl::Status& why, Owned& owned);
  std::unique_ptr<Partition> NewPartition(int32_t id) const;
  absl::StatusOr<int64_t> StartOf(int32_t id, Owned& owned);
  absl::Status CheckProgress(int32_t id, const Owned& owned) const;
  absl::Status CheckReplay(int32_t id, const Owned& owned);

  const WorkerOptions options_;
  const publish::Policy& policy_;
  Source& source_;
  Sink& sink_;
  Progress& progress_;
  Changelog* const changelog_;
  SnapshotStore* const snapshots_;
  const std::function<absl::Time()> clock_;
  const WorkerHooks hooks_;
  ingest::Decoder decoder_;
  std::function<bool()> stop_;  // while Run runs
  std::map<int32_t, Owned> owned_;
  // Given up in order a moment ago: taken back as they are if nobody committed since.
  std::map<int32_t, Owned> parked_;
  absl::Status failed_;  // an assignment that could not be served
  std::optional<SnapshotWalk> walk_;
  publish::OutputBatch outputs_;
  EngineStats stats_;
  bool started_ = false;
  size_t uncommitted_ = 0;
  absl::Time last_commit_;
  absl::Time last_tick_look_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_WORKER_H_
