// Statistics of one partition's touchpoints while their window is open.
//
// Contacts that ended are counted in cells: one for each window, tenant, queue, touchpoint,
// channel and hour. When the watermark has passed a window, its cells leave as rows.
//
// Cells are kept in the changelog as of each commit, not lazily like customers: a contact
// is counted in the step that ends it, which a replay cannot repeat for a customer who was
// restored from behind it. So whoever replays leaves the board alone.
//
// Bounded: kMostCells at a time; what comes then is counted with the rest of its tenant's
// contacts. Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_PUBLISH_STATISTICS_BOARD_H_
#define PEAKEND_PROCESSORS_PUBLISH_STATISTICS_BOARD_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "peakend/v1/touchpoint_statistics.pb.h"
#include "processors/moments/contact_sample.h"
#include "processors/moments/wait_sketch.h"
#include "processors/publish/output.h"
#include "processors/publish/policy.h"

namespace peakend::publish {

class StatisticsBoard {
 public:
  static constexpr size_t kMostCells = 4096;
  // Of the keys of its records in the changelog; a customer's key has a "/".
  static constexpr std::string_view kKeyPrefix = "statistics ";

  // `policy` must outlive this, or its use.
  StatisticsBoard(int32_t partition, const Policy& policy)
      : partition_(partition), policy_(&policy) {}

  // Rows that begin from now on name `policy`; those that have begun keep theirs.
  void Use(const Policy& policy) { policy_ = &policy; }

  // Counts a contact. Samples come in order of settled_at_ms, and none comes for a window
  // that was closed.
  void Add(const moments::ContactSample& sample);

  // The watermark at which the earliest window is over; kEndOfTime when none is open.
  int64_t NextCloseMs() const;
  // Appends the rows of the windows that are over at a watermark, in order of time.
  void Close(int64_t watermark_ms, OutputBatch& outputs);

  // Appends the cells that changed since the last call, as records of the changelog, and
  // tombstones of those that have left.
  void WriteState(OutputBatch& outputs);
  bool HasUnwritten() const { return !unwritten_.empty(); }
  // Calls `take` with each cell as a record of the changelog.
  void ForEach(const std::function<void(std::string_view key, std::string_view value)>& take) const;

  // Takes a record of the changelog in; of one key the last counts. DataLoss = damaged.
  absl::Status Restore(std::string_view key, std::string_view value, bool has_value);

  size_t size() const { return cells_.size(); }

 private:
  struct Cell {
    // Without the sketch.
    v1::TouchpointStatistics row;
    moments::WaitSketch answered_after;
  };
  // By the end of the window, then by row id.
  using Place = std::pair<int64_t, std::string>;

  Cell& CellOf(const moments::ContactSample& sample);
  v1::TouchpointStatistics RowOf(const Cell& cell) const;

  const int32_t partition_;
  const Policy* policy_;
  std::map<Place, Cell> cells_;
  absl::flat_hash_map<std::string, int64_t> ends_;  // of the window, by row id
  absl::btree_set<Place> unwritten_;
};

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_STATISTICS_BOARD_H_
