#include "processors/runtime/checkpoint.h"

#include <algorithm>

#include "processors/journey/partition_clock.h"
#include "processors/publish/revision.h"
#include "processors/runtime/mutation.h"
#include "processors/runtime/snapshot_piece.h"

namespace peakend::runtime {
namespace {

// Between two looks at the clock when everything is written.
constexpr size_t kChunk = 1024;

}  // namespace

void Checkpoint::Touch(CustomerTable& customers, Slot slot, int64_t offset, int64_t now_before_ms) {
  bool& dirty = customers.dirty(slot);
  if (dirty) return;
  dirty = true;
  ++unwritten_;
  dirty_.push_back({slot, offset, now_before_ms});
}

int64_t Checkpoint::DueBefore(const Moment& moment, const CheckpointOptions& options) {
  if (options.interval <= absl::ZeroDuration()) return moment.position;
  // Else the progress record would hold every statement since the low-water mark.
  if (moment.notices.bytes() > 2 * journey::NoticeBoard::kMostBytes) return moment.position;
  constexpr size_t kMostStated = 4;
  if (std::max(moment.baselines, moment.policies) > kMostStated) return moment.position;
  // The newest mark that is old enough stays, as the ones to come lean on it.
  while (marks_.size() > 1 && marks_[1].at <= moment.at - options.interval) marks_.pop_front();
  const bool old = !marks_.empty() && marks_.front().at <= moment.at - options.interval;
  const int64_t due = old ? marks_.front().position : 0;
  if (marks_.empty() || marks_.back().position < moment.position) {
    marks_.push_back({moment.at, moment.position});
  }
  return std::max(due, moment.position - options.max_replay_records);
}

void Checkpoint::Write(CustomerTable& customers, const Moment& moment,
                       const CheckpointOptions& options, publish::OutputBatch& outputs) {
  const int64_t due_before = DueBefore(moment, options);
  while (!dirty_.empty() && dirty_.front().offset < due_before) {
    WriteOldest(customers, moment.position - 1, outputs);
  }
  DropStubs(customers, LowWaterMark(moment.position), outputs);
  WriteProgress(moment, outputs);
}

void Checkpoint::WriteAll(CustomerTable& customers, const Moment& moment,
                          const std::function<bool()>& go_on, publish::OutputBatch& outputs) {
  while (!dirty_.empty() && go_on()) {
    for (size_t i = 0; i < kChunk && !dirty_.empty(); ++i) {
      WriteOldest(customers, moment.position - 1, outputs);
    }
  }
  DropStubs(customers, LowWaterMark(moment.position), outputs);
  WriteProgress(moment, outputs);
}

void Checkpoint::WriteOldest(CustomerTable& customers, int64_t applied,
                             publish::OutputBatch& outputs) {
  const Slot slot = dirty_.front().slot;
  dirty_.pop_front();
  if (customers.dirty(slot)) WriteCustomer(customers, slot, applied, outputs);
}

void Checkpoint::WriteCustomer(CustomerTable& customers, Slot slot, int64_t applied,
                               publish::OutputBatch& outputs) {
  customers.dirty(slot) = false;
  --unwritten_;
  if (Mutated(Mutation::kSkipChangelogRecord) && applied % 3 == 0) return;
  AppendRecord(customers, slot, applied,
               &outputs.Open(publish::Topic::kState, partition_, customers[slot].key()));
  if (customers.gone(slot)) {
    KeepStub(slot, applied);
  } else {
    ForgetStub(slot);
  }
}

void Checkpoint::AppendRecord(CustomerTable& customers, Slot slot, int64_t applied,
                              std::string* value) {
  writer_.Append(customers[slot], {applied, customers.digest(slot), customers.gone(slot)}, value);
}

void Checkpoint::Copy(CustomerTable& customers, Slot slot, int64_t applied, std::string& piece,
                      publish::OutputBatch& outputs) {
  if (customers.dirty(slot) && !Mutated(Mutation::kSnapshotOnly)) {
    WriteCustomer(customers, slot, applied, outputs);
  }
  value_.clear();
  AppendRecord(customers, slot, applied, &value_);
  AppendSnapshotRecord(customers[slot].key(), value_, piece);
}

void Checkpoint::KeepStub(Slot slot, int64_t applied) {
  ForgetStub(slot);
  stub_applied_[slot] = applied;
  stubs_.insert({applied, slot});
}

void Checkpoint::ForgetStub(Slot slot) {
  const auto known = stub_applied_.find(slot);
  if (known == stub_applied_.end()) return;
  stubs_.erase({known->second, slot});
  stub_applied_.erase(known);
}

void Checkpoint::DropStubs(CustomerTable& customers, int64_t low_water_mark,
                           publish::OutputBatch& outputs) {
  while (!stubs_.empty() &&
         (stubs_.begin()->first < low_water_mark || Mutated(Mutation::kStubDroppedEarly))) {
    const Slot slot = stubs_.begin()->second;
    ForgetStub(slot);
    // Came back, and waits for its newer record.
    if (customers.dirty(slot)) continue;
    outputs.AppendTombstone(publish::Topic::kState, partition_, customers[slot].key());
    retired_digest_ += customers.digest(slot);
    customers.Erase(slot);
  }
}

void Checkpoint::WriteProgress(const Moment& moment, publish::OutputBatch& outputs) {
  progress_.Clear();
  // One that knows of no posted policies would go by another, and must not go on here.
  progress_.set_format(moment.policies > 0 ? kProgressFormat : kFormatWithoutPolicies);
  progress_.set_partition(partition_);
  progress_.set_committed_offset(moment.position);
  const int64_t too_high = Mutated(Mutation::kLowWaterMarkTooHigh) ? 1 : 0;
  progress_.set_low_water_mark(std::min(LowWaterMark(moment.position) + too_high, moment.position));
  const int64_t now_ms = dirty_.empty() ? moment.now_ms : dirty_.front().now_before_ms;
  if (now_ms != journey::PartitionClock::kUnset) progress_.set_now_ms(now_ms);
  progress_.set_policy_version(policy_->stamp);
  progress_.set_digest(moment.digest);
  progress_.set_retired_digest(retired_digest_);
  moment.budget.Forget(progress_.low_water_mark());
  moment.budget.Save(progress_.mutable_budget());
  moment.notices.Forget(progress_.low_water_mark(),
                        now_ms - policy_->windows.max_out_of_orderness_ms, policy_->windows);
  moment.notices.Save(&progress_);
  publish::AppendBytes(progress_, &outputs.Open(publish::Topic::kState, partition_, kProgressKey));
}

}  // namespace peakend::runtime
