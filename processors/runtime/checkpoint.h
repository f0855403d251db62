// Which customers of a partition changed since their record was last written, and
// when each one is: the lazy half of the changelog.
//
// State is a cache of the log, so a customer need not be written with each change.
// The low-water mark is the first input offset whose effect on some customer is in
// no record yet; a restore replays the log from there. Customers are written in
// the order in which they first changed, so the mark rises by itself.
//
// A customer who was forgotten stays as a stub until the low-water mark has passed
// the forgetting: else a replay would bring them back to life. Then a tombstone
// removes the record, and the digest moves to the partition's own.
//
// Thread-safety: none; owned by one partition. Time is an argument.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CHECKPOINT_H_
#define PEAKEND_PROCESSORS_RUNTIME_CHECKPOINT_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "peakend/v1/progress_record.pb.h"
#include "processors/journey/notice_board.h"
#include "processors/publish/customer_record.h"
#include "processors/publish/output.h"
#include "processors/publish/policy.h"
#include "processors/runtime/customer_table.h"

namespace peakend::runtime {

// Key of the progress record; a customer's key has a "/".
inline constexpr std::string_view kProgressKey = "progress";
// The newest; the one before it knows of no policies that were posted.
inline constexpr uint32_t kProgressFormat = 4;
inline constexpr uint32_t kFormatWithoutPolicies = 3;

struct CheckpointOptions {
  // A changed customer is written within this time; zero = at every commit.
  absl::Duration interval = absl::Seconds(10);
  // Nor does the low-water mark trail the position by more than this.
  int64_t max_replay_records = 500'000;
};

class Checkpoint {
 public:
  using Slot = CustomerTable::Slot;

  // `policy` must outlive this, or its use.
  Checkpoint(int32_t partition, const publish::Policy& policy)
      : partition_(partition), policy_(&policy), writer_(policy.rules) {}

  // Customers are as `policy` left them from now on.
  void Use(const publish::Policy& policy) {
    policy_ = &policy;
    writer_.Use(policy.rules);
  }

  // The record at `offset` changed the customer; `now_before_ms` is the partition's
  // clock before it. Offsets never fall from call to call.
  void Touch(CustomerTable& customers, Slot slot, int64_t offset, int64_t now_before_ms);

  // The newest record of the customer says that they are gone, through `applied`.
  void KeepStub(Slot slot, int64_t applied);
  // The newest record of the customer says that they are not.
  void ForgetStub(Slot slot);
  // Digest of outputs of no customer, as restored.
  void RestoreRetired(uint64_t digest) { retired_digest_ = digest; }
  // An output of no customer was written.
  void Retire(uint64_t digest) { retired_digest_ += digest; }
  uint64_t retired_digest() const { return retired_digest_; }

  // Where a replay would have to start if `position` were committed now.
  int64_t LowWaterMark(int64_t position) const {
    return dirty_.empty() ? position : dirty_.front().offset;
  }
  // Customers who changed since their record was written.
  size_t dirty() const { return unwritten_; }

  // What the records of one commit depend on.
  struct Moment {
    int64_t position = 0;  // the offset committed with them
    int64_t now_ms = 0;    // the partition's clock
    uint64_t digest = 0;   // of all outputs of the partition
    // What no replay needs is forgotten.
    alerts::Budget& budget;
    journey::NoticeBoard& notices;
    // That are kept for a replay.
    size_t baselines = 0;
    size_t policies = 0;
    absl::Time at;  // by the worker's clock, for the interval only
  };
  // Appends the value of the customer's record as of `applied`.
  void AppendRecord(CustomerTable& customers, Slot slot, int64_t applied, std::string* value);
  // Appends the customer's record as of `applied` to a piece of a snapshot. What the
  // changelog does not hold of them yet is written there too.
  void Copy(CustomerTable& customers, Slot slot, int64_t applied, std::string& piece,
            publish::OutputBatch& outputs);
  // Appends the records that are due, tombstones that have become possible, and the
  // progress record. The caller commits them with `moment.position`.
  void Write(CustomerTable& customers, const Moment& moment, const CheckpointOptions& options,
             publish::OutputBatch& outputs);
  // The same, and all customers who changed, oldest first, while `go_on` says so.
  void WriteAll(CustomerTable& customers, const Moment& moment, const std::function<bool()>& go_on,
                publish::OutputBatch& outputs);

 private:
  struct Dirty {
    Slot slot;
    int64_t offset;
    int64_t now_before_ms;
  };
  // The worker's clock when everything before `position` had been taken in.
  struct Mark {
    absl::Time at;
    int64_t position;
  };

  // Offsets before this one must be in records.
  int64_t DueBefore(const Moment& moment, const CheckpointOptions& options);
  void WriteOldest(CustomerTable& customers, int64_t applied, publish::OutputBatch& outputs);
  void WriteCustomer(CustomerTable& customers, Slot slot, int64_t applied,
                     publish::OutputBatch& outputs);
  void DropStubs(CustomerTable& customers, int64_t low_water_mark, publish::OutputBatch& outputs);
  void WriteProgress(const Moment& moment, publish::OutputBatch& outputs);

  const int32_t partition_;
  const publish::Policy* policy_;
  publish::CustomerRecordWriter writer_;
  // By offset. A customer who was written out of turn keeps their place, so the mark
  // may be lower than it could be, never higher.
  std::deque<Dirty> dirty_;
  size_t unwritten_ = 0;
  std::string value_;
  std::deque<Mark> marks_;  // by both
  // Stubs in records: (applied, slot), and the applied of each.
  std::set<std::pair<int64_t, Slot>> stubs_;
  absl::flat_hash_map<Slot, int64_t> stub_applied_;
  uint64_t retired_digest_ = 0;
  v1::ProgressRecord progress_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CHECKPOINT_H_
