#include "processors/runtime/snapshot_walk.h"

#include "processors/runtime/mutation.h"

namespace peakend::runtime {

void SnapshotWalk::Add(int32_t partition, const Snapshot& snapshot) {
  Snapshot& last = last_.try_emplace(partition, snapshot).first->second;
  if (last.begun_at < snapshot.begun_at) last = snapshot;
}

void SnapshotWalk::Remove(int32_t partition) {
  if (phase_ == Phase::kIdle || partition_ != partition) return;
  // One that is complete is valid, whoever owns the partition now.
  if (phase_ == Phase::kCopying) store_.Abandon();
  phase_ = Phase::kIdle;
}

void SnapshotWalk::TakeOutcome() {
  if (phase_ == Phase::kIdle) return;
  if (const std::optional<absl::Status> outcome = store_.Outcome()) {
    phase_ = Phase::kIdle;
    if (outcome->ok()) last_[partition_].committed = position_;
    on_outcome_(partition_, *outcome);
  }
}

bool SnapshotWalk::IsDue(const Snapshot& last, int64_t position, absl::Time now) const {
  const bool moved = last.committed != position;
  return now - last.begun_at >= (moved ? options_.interval : options_.refresh);
}

void SnapshotWalk::MaybeBegin(int32_t id, const Partition& partition, int64_t position,
                              absl::Time now) {
  TakeOutcome();
  const auto last = last_.find(id);
  if (phase_ != Phase::kIdle || last == last_.end() || !partition.CanBeCopied()) return;
  if (!IsDue(last->second, position, now)) return;
  last->second.begun_at = now;
  const absl::StatusOr<int64_t> end = changelog_.StableEnd(id);
  if (!end.ok()) return on_outcome_(id, end.status());
  const int64_t too_high = Mutated(Mutation::kSnapshotAhead) ? 2 : 0;
  store_.Begin({.partition = id, .changelog_offset = *end + too_high, .begun_at = now});
  phase_ = Phase::kCopying;
  partition_ = id;
  next_ = 0;
  piece_.clear();
}

void SnapshotWalk::Copy(Partition& partition, int64_t position, publish::OutputBatch& outputs) {
  position_ = position;
  if (!piece_.empty() || !next_) return;
  next_ = partition.CopyState(*next_, position, options_.piece_bytes, piece_, outputs);
}

void SnapshotWalk::Committed() {
  TakeOutcome();
  if (phase_ != Phase::kCopying) return;
  if (!piece_.empty() && !store_.Add(piece_)) return;
  piece_.clear();
  if (next_) return;
  store_.Finish(position_);
  phase_ = Phase::kFinishing;
}

}  // namespace peakend::runtime
