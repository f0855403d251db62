// Snapshots as files of one folder, `partition-N.snapshot`, written by a thread of
// its own.
//
// One process at a time uses a folder: whoever comes second finds it locked and runs
// without snapshots until it is free. Nothing that goes wrong here stops a worker.
//
// Bounds: kQueuedBytes of pieces between the worker and the disk; on disk two
// snapshots of a partition while the newer one is written.
//
// Thread-safety: one worker thread.
#ifndef PEAKEND_PROCESSORS_RUNTIME_SNAPSHOT_FOLDER_H_
#define PEAKEND_PROCESSORS_RUNTIME_SNAPSHOT_FOLDER_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "processors/runtime/snapshot_file.h"
#include "processors/runtime/snapshot_store.h"

namespace peakend::runtime {

struct SnapshotFolderOptions {
  std::string folder;  // made when it does not exist; its parent must
  // The job: snapshots of another one are not used.
  std::string group_id;
  std::string input_topic;
  // An older one is not used: the changelog may have forgotten what was removed since.
  absl::Duration max_age = absl::Hours(12);
};

class SnapshotFolder : public SnapshotStore {
 public:
  static constexpr size_t kQueuedBytes = size_t{8} << 20;

  SnapshotFolder(SnapshotFolderOptions options, std::function<absl::Time()> clock);
  // An unfinished snapshot is given up.
  ~SnapshotFolder() override;

  absl::StatusOr<Snapshot> Read(
      int32_t partition, const std::function<absl::Status(const ChangelogRecord&)>& take) override;
  void Discard(int32_t partition) override;
  void Begin(const Snapshot& snapshot) override;
  bool Add(std::string& piece) override;
  void Finish(int64_t committed) override;
  void Abandon() override;
  std::optional<absl::Status> Outcome() override;

 private:
  // What the thread is asked to do.
  struct Job {
    enum class Kind : uint8_t { kBegin, kAdd, kFinish, kAbandon, kStop };
    Kind kind = Kind::kStop;
    std::string piece = {};
    v1::SnapshotTag tag = {};
    absl::Status entered = {};  // kBegin: whether the folder is ours
    uint64_t number = 0;        // of the snapshot it belongs to
  };

  std::string PathOf(int32_t partition) const;
  // Ok once the folder is there and ours.
  absl::Status Enter();
  absl::Status MayUse(int32_t partition, const v1::SnapshotTag& tag) const;
  void Ask(Job job);
  void Write();  // the thread
  absl::Status Do(const Job& job);

  const SnapshotFolderOptions options_;
  const std::function<absl::Time()> clock_;
  int lock_ = -1;        // an open file; closed = unlocked
  v1::SnapshotTag tag_;  // of the one that was begun

  std::unique_ptr<SnapshotFileWriter> writer_;  // the thread's
  std::mutex mutex_;  // guards what follows; the standard's, which the thread sanitizer knows
  std::condition_variable asked_;
  std::deque<Job> jobs_;
  size_t queued_bytes_ = 0;
  uint64_t number_ = 0;                  // of the newest snapshot
  std::optional<absl::Status> outcome_;  // of that one
  std::thread thread_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_SNAPSHOT_FOLDER_H_
