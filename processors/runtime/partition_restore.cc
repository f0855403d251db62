// How a partition comes back from its changelog; what it does with records stands
// in partition.cc.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/journey/identifier.h"
#include "processors/runtime/partition.h"
#include "processors/runtime/snapshot_piece.h"

namespace peakend::runtime {

using journey::PartitionClock;

absl::Status Partition::Restore(const ChangelogRecord& record) {
  if (record.key.starts_with(publish::StatisticsBoard::kKeyPrefix)) {
    return statistics_.Restore(record.key, record.value, record.has_value);
  }
  if (record.key.starts_with(journey::BaselineBoard::kKeyPrefix)) {
    return baselines_.Restore(record.key, record.value, record.has_value);
  }
  if (record.key.starts_with(PolicyBoard::kKeyPrefix)) {
    return policies_.Restore(record.key, record.value, record.has_value);
  }
  if (record.key != kProgressKey) return RestoreCustomer(record);
  if (!record.has_value) return absl::OkStatus();
  v1::ProgressRecord progress;
  if (!progress.ParseFromArray(record.value.data(), static_cast<int>(record.value.size()))) {
    return absl::DataLossError(
        absl::StrCat("the progress record at changelog offset ", record.offset, " is damaged"));
  }
  if (progress.format() > kProgressFormat) {
    return absl::FailedPreconditionError(absl::StrCat("the progress record has format ",
                                                      progress.format(), ", this program reads ",
                                                      kProgressFormat, ": it is too old"));
  }
  restored_progress_ = std::move(progress);
  return absl::OkStatus();
}

absl::Status Partition::RestoreCustomer(const ChangelogRecord& record) {
  const uint64_t hash = journey::Hash64(record.key);
  const std::optional<CustomerTable::Slot> known = customers_.FindKey(hash, record.key);
  if (!record.has_value) {
    if (!known) return absl::OkStatus();
    checkpoint_.ForgetStub(*known);
    customers_.Erase(*known);
    // Else it would hold for whoever gets the place next.
    applied_[*known] = -1;
    return absl::OkStatus();
  }
  auto restored = reader_.Restore(record.key, record.value, memory_.customers());
  if (!restored.ok()) {
    return absl::Status(restored.status().code(),
                        absl::StrCat("changelog offset ", record.offset, " of partition ", id_,
                                     ": ", restored.status().message()));
  }
  publish::CustomerState& state = restored->customer;
  const CustomerTable::Slot slot =
      known ? *known : customers_.FindOrCreate(hash, state.tenant_id(), state.customer_id());
  customers_.Replace(slot, std::move(state));
  customers_.digest(slot) = restored->stamp.digest;
  customers_.gone(slot) = restored->stamp.gone;
  if (restored->stamp.gone) {
    checkpoint_.KeepStub(slot, restored->stamp.applied);
  } else {
    checkpoint_.ForgetStub(slot);
  }
  if (applied_.size() <= slot) applied_.resize(slot + 1, -1);
  applied_[slot] = restored->stamp.applied;
  return absl::OkStatus();
}

void Partition::Resume(int64_t start, int64_t committed) {
  committed_ = committed;
  replays_all_ = restored_progress_ && start <= restored_progress_->low_water_mark();
  if (restored_progress_) {
    clock_ = PartitionClock(restored_progress_->has_now_ms() ? restored_progress_->now_ms()
                                                             : PartitionClock::kUnset);
    checkpoint_.Retire(restored_progress_->retired_digest());
    budget_ = alerts::Budget(restored_progress_->budget());
    notices_ = journey::NoticeBoard(*restored_progress_);
  }
  baselines_.Resume(start);
  if (!Mutated(Mutation::kPolicyNotRestored)) policies_.Resume(start);
  UsePolicy();
  digest_ = checkpoint_.retired_digest();
  customers_.ForEach([&](CustomerTable::Slot slot) {
    digest_ += customers_.digest(slot);
    const publish::Schedule* schedule = customers_[slot].schedule();
    if (schedule != nullptr) open_journeys_ += schedule->open_journeys;
    if (!Mutated(Mutation::kLoseTimer)) Schedule(slot);
  });
  for (const int64_t applied : applied_) applied_max_ = std::max(applied_max_, applied);
  if (applied_max_ < start) applied_.clear();
  replaying_ = start < committed;
  if (!replaying_) FinishReplay();
}

void Partition::FinishReplay() {
  replaying_ = false;
  // At least once the progress may be ahead of the group's offset, and a log may have lost
  // what the state needs: then there is nothing to compare with.
  digest_differs_ = replays_all_ && restored_progress_->committed_offset() == committed_ &&
                    restored_progress_->policy_version() == policy().stamp &&
                    restored_progress_->digest() != digest_;
}

void Partition::WriteBoards(int64_t position, publish::OutputBatch& outputs) {
  const auto write = [&](const auto& records) {
    for (const auto& record : records) {
      if (record.value) {
        outputs.Append(publish::Topic::kState, id_, record.key, *record.value);
      } else {
        outputs.AppendTombstone(publish::Topic::kState, id_, record.key);
      }
    }
  };
  statistics_.WriteState(outputs);
  const int64_t low_water_mark = checkpoint_.LowWaterMark(position);
  baselines_.Forget(low_water_mark);
  write(baselines_.TakeUnwritten());
  policies_.Forget(low_water_mark);
  write(policies_.TakeUnwritten());
}

Checkpoint::Moment Partition::MomentOf(int64_t position, absl::Time at) {
  return {position, clock_.now_ms(),   digest_,          budget_,
          notices_, baselines_.size(), policies_.size(), at};
}

void Partition::WriteState(int64_t position, absl::Time at, const CheckpointOptions& options,
                           publish::OutputBatch& outputs) {
  checkpoint_.Write(customers_, MomentOf(position, at), options, outputs);
  WriteBoards(position, outputs);
}

std::optional<CustomerTable::Slot> Partition::CopyState(CustomerTable::Slot from, int64_t position,
                                                        size_t max_bytes, std::string& piece,
                                                        publish::OutputBatch& outputs) {
  // Where almost everybody has been forgotten, looking at empty places takes time, too.
  constexpr CustomerTable::Slot kMostSlots = 16'384;
  const CustomerTable::Slot end = customers_.end();
  CustomerTable::Slot slot = from;
  if (from == 0) {
    statistics_.ForEach([&](std::string_view key, std::string_view value) {
      AppendSnapshotRecord(key, value, piece);
    });
    for (const journey::BaselineBoard::Record& record : baselines_.Records()) {
      AppendSnapshotRecord(record.key, *record.value, piece);
    }
    for (const PolicyBoard::Record& record : policies_.Records()) {
      AppendSnapshotRecord(record.key, *record.value, piece);
    }
  }
  // Beside the boards, which may fill a piece by themselves: else the copy would not go on.
  const size_t begin = piece.size();
  for (; slot < end && slot - from < kMostSlots && piece.size() - begin < max_bytes; ++slot) {
    if (!customers_.vacant(slot)) {
      checkpoint_.Copy(customers_, slot, position - 1, piece, outputs);
    }
  }
  if (slot >= end) return std::nullopt;
  return slot;
}

std::optional<std::string> Partition::RecordOf(std::string_view key, int64_t position) {
  const std::optional<CustomerTable::Slot> slot = customers_.FindKey(journey::Hash64(key), key);
  if (!slot) return std::nullopt;
  std::string value;
  checkpoint_.AppendRecord(customers_, *slot, position - 1, &value);
  return value;
}

void Partition::WriteAllState(int64_t position, const std::function<bool()>& go_on,
                              publish::OutputBatch& outputs) {
  checkpoint_.WriteAll(customers_, MomentOf(position, {}), go_on, outputs);
  WriteBoards(position, outputs);
}

}  // namespace peakend::runtime
