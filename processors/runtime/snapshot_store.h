// A partition's state on this machine's disk: a cache of the changelog, so that a
// restart need not read all of it.
//
// A snapshot is a compacted prefix of the changelog: for each customer a record like
// the one that stands there, and the changelog offset at which reading goes on. It
// is copied while the worker goes on, so a record may be older or newer than that
// offset; whatever is missing or overtaken follows in the changelog. Restore = its
// records, then the changelog from that offset, in this order. Without it only time
// is lost.
//
// Implemented by SnapshotFolder and by the simulation.
#ifndef PEAKEND_PROCESSORS_RUNTIME_SNAPSHOT_STORE_H_
#define PEAKEND_PROCESSORS_RUNTIME_SNAPSHOT_STORE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "processors/runtime/changelog.h"

namespace peakend::runtime {

struct Snapshot {
  int32_t partition = 0;
  int64_t changelog_offset = 0;  // reading goes on here
  int64_t committed = 0;         // input offset committed when it was complete
  absl::Time begun_at = absl::InfinitePast();
};

class SnapshotStore {
 public:
  virtual ~SnapshotStore() = default;

  // Hands the records of the partition's snapshot to `take`, in no order that means
  // anything; ChangelogRecord.offset and end_offset count records. Views are
  // valid during the call. Errors: NotFound = there is none that may be used; that of
  // `take`; anything else = it is damaged or cannot be read, and what `take` got
  // must be thrown away.
  virtual absl::StatusOr<Snapshot> Read(
      int32_t partition, const std::function<absl::Status(const ChangelogRecord&)>& take) = 0;

  // Removes the partition's snapshot, which has turned out to be wrong.
  virtual void Discard(int32_t partition) = 0;

  // Writing, one snapshot at a time: Begin, Add*, then Finish or Abandon. Nothing
  // here waits for the disk.
  virtual void Begin(const Snapshot& snapshot) = 0;
  // Takes a piece over (see snapshot_piece.h). False = too much is under way: offer it
  // again later.
  virtual bool Add(std::string& piece) = 0;
  // It is complete, and `committed` is the input offset that is committed with it.
  // The last one is replaced once all is on disk.
  virtual void Finish(int64_t committed) = 0;
  virtual void Abandon() = 0;
  // What became of the one that was begun: nullopt while nothing is certain, then
  // once ok or why it failed, after which it counts as abandoned.
  virtual std::optional<absl::Status> Outcome() = 0;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_SNAPSHOT_STORE_H_
