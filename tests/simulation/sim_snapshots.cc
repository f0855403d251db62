#include "tests/simulation/sim_snapshots.h"

#include <utility>

#include "processors/runtime/snapshot_piece.h"

namespace peakend::simulation {

void SimDisk::Suffer(Damage damage) {
  full_ = damage == Damage::kFull;
  switch (damage) {
    case Damage::kLost:
      files_.clear();
      return;
    case Damage::kDamaged:
      for (auto& [partition, file] : files_) file.damaged = true;
      return;
    case Damage::kGoneBack:
      for (const auto& [partition, file] : before_) files_[partition] = file;
      return;
    case Damage::kFull:
      return;
  }
}

bool SimDisk::Put(File file) {
  if (full_) return false;
  const int32_t partition = file.snapshot.partition;
  if (const auto last = files_.find(partition); last != files_.end()) {
    before_[partition] = std::move(last->second);
  }
  files_[partition] = std::move(file);
  return true;
}

const SimDisk::File* SimDisk::Get(int32_t partition) const {
  const auto file = files_.find(partition);
  return file == files_.end() ? nullptr : &file->second;
}

absl::StatusOr<runtime::Snapshot> SimSnapshots::Read(
    int32_t partition, const std::function<absl::Status(const runtime::ChangelogRecord&)>& take) {
  const SimDisk::File* file = disk_.Get(partition);
  if (file == nullptr) return absl::NotFoundError("there is no snapshot");
  const SimBroker& broker = network_.broker();
  const absl::Duration age = absl::FromUnixMillis(broker.now_ms()) - file->snapshot.begun_at;
  if (age > absl::Milliseconds(broker.options().tombstones_ms / 2)) {
    return absl::NotFoundError("the snapshot is too old");
  }
  for (size_t i = 0; i < file->pieces.size(); ++i) {
    if (file->damaged && i >= file->pieces.size() / 2) break;
    absl::Status status = runtime::ForEachSnapshotRecord(
        file->pieces[i], [&](std::string_view key, std::string_view value) {
          return take({key, value});
        });
    if (!status.ok()) return status;
  }
  if (file->damaged) return absl::DataLossError("the snapshot is damaged");
  return file->snapshot;
}

void SimSnapshots::Begin(const runtime::Snapshot& snapshot) {
  writing_ = SimDisk::File{snapshot, {}, false};
  done_at_ms_ = 0;
}

bool SimSnapshots::Add(std::string& piece) {
  // A slow disk: every other piece is offered twice.
  busy_ = !busy_;
  if (busy_) return false;
  if (writing_) writing_->pieces.push_back(std::exchange(piece, {}));
  return true;
}

void SimSnapshots::Finish(int64_t committed) {
  constexpr int64_t kSyncMs = 30;
  if (!writing_) return;
  writing_->snapshot.committed = committed;
  done_at_ms_ = network_.broker().now_ms() + kSyncMs;
}

std::optional<absl::Status> SimSnapshots::Outcome() {
  if (!writing_ || done_at_ms_ == 0 || network_.broker().now_ms() < done_at_ms_) {
    return std::nullopt;
  }
  const bool written = disk_.Put(*std::exchange(writing_, std::nullopt));
  return written ? absl::OkStatus() : absl::UnavailableError("the disk is full");
}

}  // namespace peakend::simulation
