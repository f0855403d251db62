// How a worker takes partitions over and gives them up; its loop stands in
// worker.cc.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/runtime/crash_point.h"
#include "processors/runtime/mutation.h"
#include "processors/runtime/worker.h"

namespace peakend::runtime {

std::vector<int64_t> Worker::OnAssigned(absl::Span<const int32_t> partitions) {
  std::vector<int64_t> starts;
  for (const int32_t id : partitions) {
    absl::StatusOr<Owned> owned = Restore(id);
    if (!owned.ok()) {
      failed_ = owned.status();
      return std::vector<int64_t>(partitions.size(), kBeginning);
    }
    starts.push_back(owned->next_offset);
    if (walk_) walk_->Add(id, owned->snapshot);
    owned_[id] = *std::move(owned);
    const auto& counts = owned_[id].partition->policies().shared();
    if (hooks_.on_policy && counts.get() != &policy_) {
      hooks_.on_policy(id, counts, PolicyFound::kAtAssignment);
    }
  }
  parked_.clear();
  if (hooks_.on_rebalance) {
    hooks_.on_rebalance(absl::StrCat("assigned ", partitions.size(), " partitions"));
  }
  return starts;
}

absl::StatusOr<Worker::Owned> Worker::Restore(int32_t id) {
  absl::StatusOr<Owned> owned = RestoreOnce(id);
  for (int i = 1; i < options_.restore_tries && absl::IsUnavailable(owned.status()); ++i) {
    if (stop_ && stop_()) return absl::CancelledError("stopped during a restore");
    if (hooks_.on_retry) hooks_.on_retry(owned.status());
    if (hooks_.on_pause) hooks_.on_pause();
    owned = RestoreOnce(id);
  }
  return owned;
}

absl::StatusOr<Worker::Owned> Worker::RestoreOnce(int32_t id) {
  const absl::StatusOr<int64_t> committed = progress_.Committed(id);
  if (!committed.ok()) return committed.status();
  const auto parked = parked_.find(id);
  if (parked != parked_.end() && parked->second.next_offset == *committed) {
    Owned owned = std::move(parked->second);
    owned.committed = *committed;
    owned.tick_under_way = false;
    parked_.erase(parked);
    return owned;
  }
  Owned owned;
  owned.committed = *committed;
  owned.partition = NewPartition(id);
  if (changelog_ != nullptr) {
    absl::Status status = ReadState(id, owned);
    if (!status.ok()) return status;
    CrashPoint(CrashAt::kAfterChangelogRead);
    if (hooks_.on_restore) hooks_.on_restore(id, 0);
    if (status = CheckProgress(id, owned); !status.ok()) return status;
    const v1::ProgressRecord* progress = owned.partition->restored_progress();
    // The group forgets the offsets of one that was away for long; we do not.
    if (progress != nullptr && owned.committed == kNothingCommitted) {
      owned.committed = progress->committed_offset();
    }
  }
  const absl::StatusOr<int64_t> start = StartOf(id, owned);
  if (!start.ok()) return start.status();
  owned.next_offset = *start;
  owned.partition->Resume(*start, owned.committed);
  CrashPoint(CrashAt::kAfterResume);
  if (absl::Status status = CheckReplay(id, owned); !status.ok()) return status;
  return owned;
}

std::unique_ptr<Partition> Worker::NewPartition(int32_t id) const {
  const Durability durability = changelog_ != nullptr ? Durability::kChangelog : Durability::kNone;
  return std::make_unique<Partition>(id, options_.input_topic, policy_, durability,
                                     options_.input_partitions, options_.compile_policy,
                                     options_.rows);
}

absl::Status Worker::TakeState(int32_t id, const ChangelogRecord& record, Partition& partition) {
  if (hooks_.on_restore && record.offset % 4096 == 0) {
    hooks_.on_restore(id, record.end_offset - record.offset);
  }
  if (stop_ && stop_()) return absl::CancelledError("stopped during a restore");
  return partition.Restore(record);
}

// The snapshot and what came into the changelog since; without one, all of it.
absl::Status Worker::ReadState(int32_t id, Owned& owned) {
  const absl::StatusOr<int64_t> from = ReadSnapshot(id, owned);
  if (!from.ok()) return from.status();
  const auto take = [&](const ChangelogRecord& record) {
    return TakeState(id, record, *owned.partition);
  };
  absl::Status status = changelog_->Read(id, *from, take);
  if (!absl::IsOutOfRange(status)) return status;
  // The changelog was made anew, or something removed its beginning.
  GiveUpSnapshot(id, status, owned);
  return changelog_->Read(id, 0, take);
}

// Returns the changelog offset to go on from.
absl::StatusOr<int64_t> Worker::ReadSnapshot(int32_t id, Owned& owned) {
  if (snapshots_ == nullptr) return 0;
  absl::StatusOr<Snapshot> snapshot = snapshots_->Read(
      id, [&](const ChangelogRecord& record) { return TakeState(id, record, *owned.partition); });
  if (absl::IsCancelled(snapshot.status())) return snapshot.status();
  // Positions that went back were reset, and the changelog with them.
  if (snapshot.ok() && snapshot->committed > owned.committed) {
    snapshot = absl::FailedPreconditionError(
        absl::StrCat("the snapshot is of offset ", snapshot->committed,
                     ", the group has committed only ", owned.committed));
  }
  if (snapshot.ok()) {
    owned.snapshot = *snapshot;
    ++stats_.snapshots_used;
    if (hooks_.on_snapshot_read) hooks_.on_snapshot_read(id, absl::OkStatus());
    return snapshot->changelog_offset;
  }
  if (!absl::IsNotFound(snapshot.status())) {
    GiveUpSnapshot(id, snapshot.status(), owned);
  }
  return 0;
}

void Worker::GiveUpSnapshot(int32_t id, const absl::Status& why, Owned& owned) {
  ++stats_.snapshots_unusable;
  if (hooks_.on_snapshot_read) hooks_.on_snapshot_read(id, why);
  snapshots_->Discard(id);
  owned.snapshot = {};
  owned.partition = NewPartition(id);
}

absl::Status Worker::CheckProgress(int32_t id, const Owned& owned) const {
  const v1::ProgressRecord* progress = owned.partition->restored_progress();
  if (progress == nullptr || owned.committed == kNothingCommitted ||
      progress->committed_offset() == owned.committed) {
    return absl::OkStatus();
  }
  // Without a transaction the progress record comes before the offset.
  if (!options_.exactly_once && progress->committed_offset() > owned.committed) {
    return absl::OkStatus();
  }
  // A commit between our two questions: ask again.
  const absl::StatusOr<int64_t> now = progress_.Committed(id);
  if (!now.ok()) return now.status();
  if (*now != owned.committed) return absl::UnavailableError("the group committed meanwhile");
  return absl::DataLossError(
      absl::StrCat("partition ", id, ": the group has committed offset ", owned.committed,
                   ", but the changelog's newest progress record says ",
                   progress->committed_offset(), "; one of the two was reset or restored alone"));
}

absl::StatusOr<int64_t> Worker::StartOf(int32_t id, Owned& owned) {
  if (changelog_ == nullptr) return 0;
  const absl::StatusOr<int64_t> log_start = source_.LogStart(id);
  if (!log_start.ok()) return log_start.status();
  const v1::ProgressRecord* progress = owned.partition->restored_progress();
  // Nothing was ever written: all that the log holds is new, or is replayed.
  const bool fresh = progress == nullptr && owned.committed == kNothingCommitted;
  const int64_t start = fresh ? *log_start : progress != nullptr ? progress->low_water_mark() : 0;
  if (*log_start <= start) return start;
  const char* what = *log_start <= owned.committed ? "which the state still needs"
                     : start < owned.committed     ? "some of which were not processed yet"
                                                   : "which were not processed yet";
  const std::string lost = absl::StrCat("records ", start, " to ", *log_start - 1, ", ", what,
                                        ", were removed from the log");
  if (!options_.accept_loss) {
    return absl::OutOfRangeError(absl::StrCat("partition ", id, ": ", lost,
                                              "; `peakend run --accept-loss` goes on without"));
  }
  stats_.records_lost += *log_start - start;
  if (hooks_.on_loss) hooks_.on_loss(id, lost);
  owned.committed = std::max(owned.committed, *log_start);
  return *log_start;
}

absl::Status Worker::CheckReplay(int32_t id, const Owned& owned) {
  if (!owned.partition->digest_differs()) return absl::OkStatus();
  ++stats_.digest_differences;
  if (hooks_.on_digest_difference) hooks_.on_digest_difference(id);
  if (owned.snapshot.begun_at == absl::InfinitePast()) return absl::OkStatus();
  // A whole snapshot, yet not one of this changelog. Nothing was written from it, and
  // the next start goes without.
  ++stats_.snapshots_unusable;
  snapshots_->Discard(id);
  return absl::FailedPreconditionError(
      absl::StrCat("partition ", id, ": the local snapshot does not go with the changelog; it was ",
                   "deleted, start again to restore without it"));
}

void Worker::OnRevoked(absl::Span<const int32_t> partitions, bool lost) {
  CrashPoint(CrashAt::kBeforeRevoke);
  parked_.clear();
  bool committed = false;
  if (!lost) {
    AppendState(true);
    // One try: whoever takes over repeats what is not committed.
    absl::Status status = AppendOutputs();
    outputs_.Clear();
    if (Mutated(Mutation::kDropOnRevoke)) sink_.Forget(partitions);
    if (status.ok()) status = sink_.Commit(AllPositions());
    committed = status.ok();
    if (committed) uncommitted_ = 0;
  }
  // Committed or not: where they stand is somebody else's to say from now on.
  sink_.Forget(partitions);
  for (const int32_t id : partitions) {
    if (walk_) walk_->Remove(id);
    const auto owned = owned_.find(id);
    if (owned == owned_.end()) continue;
    if (committed && !owned->second.partition->replaying()) {
      parked_[id] = std::move(owned->second);
    }
    owned_.erase(owned);
  }
  if (hooks_.on_rebalance) {
    hooks_.on_rebalance(
        absl::StrCat(lost ? "lost " : "gave up ", partitions.size(), " partitions"));
  }
}

}  // namespace peakend::runtime
