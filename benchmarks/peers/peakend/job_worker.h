// Poll, process, append, commit, in that order: the loop of the job on peakend's waist
// (processors/runtime/source.h, sink.h, changelog.h), exactly once.
//
// What is committed is whole: outputs, the records of customers who are due, the progress
// of each partition and the offsets are one transaction. A partition that is assigned is
// restored from the changelog, and from the input between low-water mark and commit.
//
// Thread-safety: one thread.
#ifndef PEAKEND_BENCHMARKS_PEERS_PEAKEND_JOB_WORKER_H_
#define PEAKEND_BENCHMARKS_PEERS_PEAKEND_JOB_WORKER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "benchmarks/peers/peakend/job_event.h"
#include "benchmarks/peers/peakend/job_partition.h"
#include "processors/publish/output.h"
#include "processors/runtime/changelog.h"
#include "processors/runtime/checkpoint.h"
#include "processors/runtime/progress.h"
#include "processors/runtime/sink.h"
#include "processors/runtime/source.h"

namespace peakend::peer_job {

struct JobWorkerOptions {
  absl::Duration batch_wait;
  size_t batch_records = 0;
  absl::Duration commit_interval;
  // While a commit does not come through, no more than this is taken in.
  size_t max_uncommitted = 0;
  runtime::CheckpointOptions checkpoint;
};

class JobWorker : public runtime::PartitionListener {
 public:
  struct Waist {
    runtime::Source& source;
    runtime::Sink& sink;
    runtime::Progress& progress;
    runtime::Changelog& changelog;
  };

  struct Hooks {
    std::function<void()> after_poll;
    // Told how many events were processed, after each.
    std::function<void(int64_t events)> on_event;
    // Something is unavailable and will be tried again after this call, which may wait.
    std::function<void(const absl::Status& why)> on_retry;
  };

  JobWorker(const JobWorkerOptions& options, const Waist& waist, std::function<absl::Time()> clock,
            Hooks hooks);

  // Until `stop` says so; then what was processed is committed. The source is subscribed
  // with this worker as its listener.
  absl::Status Run(const std::function<bool()>& stop);

  std::vector<int64_t> OnAssigned(absl::Span<const int32_t> partitions) override;
  void OnRevoked(absl::Span<const int32_t> partitions, bool lost) override;

 private:
  // A record of the batch, read and hashed.
  struct Job {
    int64_t offset = 0;
    uint64_t hash = 0;  // of the customer's name
    JobPartition* partition = nullptr;
    Customer* customer = nullptr;
    JobEvent event;
  };

  absl::Status Turn();
  absl::Status ReadBatch(absl::Span<const runtime::InputRecord> records);
  absl::Status Commit();
  absl::StatusOr<std::unique_ptr<JobPartition>> Restore(int32_t id);
  runtime::Positions AllPositions() const;

  const JobWorkerOptions options_;
  const Waist waist_;
  const std::function<absl::Time()> clock_;
  const Hooks hooks_;
  std::map<int32_t, std::unique_ptr<JobPartition>> owned_;
  absl::Status failed_;  // an assignment that could not be served
  JobEventReader reader_;
  std::vector<Job> batch_;
  publish::OutputBatch outputs_;
  size_t uncommitted_ = 0;
  absl::Time commit_due_;
  int64_t events_ = 0;
};

}  // namespace peakend::peer_job

#endif  // PEAKEND_BENCHMARKS_PEERS_PEAKEND_JOB_WORKER_H_
