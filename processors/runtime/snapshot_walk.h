// Copies one partition after the other into snapshots, a piece at each commit, so that
// the worker never stops for long.
//
// A customer is copied as of the commit at hand; what a changelog does not hold of
// them yet is written there in the same commit. So a snapshot never says anything that
// the changelog does not say too, and losing it loses nothing. Pieces go to the store
// once their commit has come through.
//
// Thread-safety: one worker thread.
#ifndef PEAKEND_PROCESSORS_RUNTIME_SNAPSHOT_WALK_H_
#define PEAKEND_PROCESSORS_RUNTIME_SNAPSHOT_WALK_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "processors/publish/output.h"
#include "processors/runtime/changelog.h"
#include "processors/runtime/partition.h"
#include "processors/runtime/snapshot_store.h"

namespace peakend::runtime {

struct SnapshotWalkOptions {
  // Between two snapshots of a partition.
  absl::Duration interval = absl::Minutes(5);
  // Of a partition where nothing came: often enough not to become too old.
  absl::Duration refresh = absl::Hours(4);
  // At most about this much is copied at one commit: 256 KiB take about 1 ms.
  size_t piece_bytes = size_t{256} << 10;
};

class SnapshotWalk {
 public:
  // Told what became of a snapshot; on the worker's thread.
  using OnOutcome = std::function<void(int32_t partition, const absl::Status&)>;

  // All must outlive the walk.
  SnapshotWalk(const SnapshotWalkOptions& options, SnapshotStore& store, Changelog& changelog,
               OnOutcome on_outcome)
      : options_(options),
        store_(store),
        changelog_(changelog),
        on_outcome_(std::move(on_outcome)) {}

  // A partition has been assigned that was restored from this snapshot; one begun in the
  // infinite past is none.
  void Add(int32_t partition, const Snapshot& snapshot);
  // It is given up.
  void Remove(int32_t partition);

  // Begins with this partition, which stands at `position`, if nothing is under way and
  // its time has come.
  void MaybeBegin(int32_t id, const Partition& partition, int64_t position, absl::Time now);
  // Copies the next piece of the partition under way, before its state for a commit of
  // `position` is written. REQUIRES: Copies().
  void Copy(Partition& partition, int64_t position, publish::OutputBatch& outputs);
  // The commit for which Copy was called has come through. One that did not may be called
  // again, with a later position.
  void Committed();

  // True while a commit would bring a snapshot forward, of this partition or of any.
  bool Copies(int32_t id) const { return Copies() && partition_ == id; }
  bool Copies() const { return phase_ == Phase::kCopying; }

 private:
  enum class Phase : uint8_t { kIdle, kCopying, kFinishing };

  void TakeOutcome();
  bool IsDue(const Snapshot& last, int64_t position, absl::Time now) const;

  const SnapshotWalkOptions options_;
  SnapshotStore& store_;
  Changelog& changelog_;
  const OnOutcome on_outcome_;
  std::map<int32_t, Snapshot> last_;  // the newest, also of partitions given up
  Phase phase_ = Phase::kIdle;
  int32_t partition_ = 0;
  std::optional<CustomerTable::Slot> next_;  // nullopt = all are copied
  std::string piece_;                        // copied, not handed over yet
  int64_t position_ = 0;                     // of the last Copy
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_SNAPSHOT_WALK_H_
