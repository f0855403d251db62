// What customers of a queue usually wait, from the statistics of all partitions.
//
// Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_PUBLISH_BASELINE_MERGE_H_
#define PEAKEND_PROCESSORS_PUBLISH_BASELINE_MERGE_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "peakend/v1/control.pb.h"
#include "peakend/v1/touchpoint_statistics.pb.h"
#include "processors/moments/wait_sketch.h"

namespace peakend::publish {

class BaselineMerge {
 public:
  // What a control record may hold.
  static constexpr size_t kMostCells = 4096;

  // Adds a row. Rows without waits or a queue, and damaged ones, add nothing.
  void Take(const v1::TouchpointStatistics& row);
  // Forgets rows whose windows ended before this time, a day's at once.
  void Forget(int64_t before_ms);

  // The baseline of what was added, cells in order; of more than kMostCells those with the
  // most waits, and none of those that tie at the edge. Its version follows from the cells: equal
  // ones have equal versions.
  v1::Baseline Result() const;

 private:
  // What cells are told apart by.
  struct Place {
    std::string tenant_id;
    std::string queue_id;
    int channel = 0;
    int hour = 0;
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  using Sketches = std::map<Place, moments::WaitSketch>;

  std::map<int64_t, Sketches> days_;  // by the day in which the window ended
};

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_BASELINE_MERGE_H_
