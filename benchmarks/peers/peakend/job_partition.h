// One input partition of the job: event in, output records out, and its state in the
// changelog. A function of its log, as processors/runtime/partition.h is for the engine.
//
// Thread-safety: none.
#ifndef PEAKEND_BENCHMARKS_PEERS_PEAKEND_JOB_PARTITION_H_
#define PEAKEND_BENCHMARKS_PEERS_PEAKEND_JOB_PARTITION_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "benchmarks/peers/peakend/customer_slab.h"
#include "benchmarks/peers/peakend/job_event.h"
#include "benchmarks/peers/peakend/job_records.h"
#include "benchmarks/peers/peakend/unwritten_customers.h"
#include "processors/publish/output.h"
#include "processors/runtime/changelog.h"
#include "processors/runtime/checkpoint.h"

namespace peakend::peer_job {

class JobPartition {
 public:
  explicit JobPartition(int32_t id) : id_(id) {}

  // Takes a record of the changelog. Errors: DataLoss = it is none of ours.
  absl::Status Restore(const runtime::ChangelogRecord& record);
  // The changelog is read. Returns the offset to read the input from; what lies before
  // `committed` (none = kNothingCommitted) is then replayed. Errors: DataLoss = the
  // changelog is not of that commit.
  absl::StatusOr<int64_t> Resume(int64_t committed);

  // The state that Process asks for; hashes are those of the customers' names. Apart from
  // it, so that for a batch of events the memory is waited for all at once.
  void Prefetch(uint64_t hash) const { customers_.Prefetch(hash); }
  Customer& FindOrCreate(uint64_t hash, std::string_view name) {
    return customers_.FindOrCreate(hash, name);
  }
  // Takes the event of `customer` at `offset`. One that was taken already is passed over.
  // While replaying nothing is appended. Returns whether it was new.
  bool Process(int64_t offset, const JobEvent& event, Customer& customer,
               publish::OutputBatch& outputs);
  bool replaying() const { return next_ < committed_; }

  // The offset of the next event.
  int64_t position() const { return next_; }
  bool moved() const { return next_ != written_; }
  // Appends the customers who are due and how far we are, for a commit of position().
  void WriteState(absl::Time at, const runtime::CheckpointOptions& options,
                  publish::OutputBatch& outputs);

 private:
  const int32_t id_;
  CustomerSlab customers_;
  UnwrittenCustomers unwritten_;
  std::optional<ProgressRecord> restored_;
  int64_t next_ = 0;
  int64_t committed_ = 0;  // before we began
  int64_t written_ = -1;   // position of the newest progress record
};

}  // namespace peakend::peer_job

#endif  // PEAKEND_BENCHMARKS_PEERS_PEAKEND_JOB_PARTITION_H_
