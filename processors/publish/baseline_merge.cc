#include "processors/publish/baseline_merge.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "processors/journey/identifier.h"
#include "processors/publish/channel_name.h"
#include "processors/publish/revision.h"

namespace peakend::publish {
namespace {

constexpr int64_t kDayMs = 86'400'000;

}  // namespace

void BaselineMerge::Take(const v1::TouchpointStatistics& row) {
  if (row.queue_id().empty() || row.answered_after().buckets().empty()) return;
  const std::optional<int> channel = ChannelNamed(row.channel());
  const auto sketch = moments::WaitSketch::FromRecord(row.answered_after());
  if (!channel || !sketch.ok()) return;
  Sketches& day = days_[row.window_end_ms() / kDayMs];
  day[{row.tenant_id(), row.queue_id(), *channel, row.hour()}].Merge(*sketch);
}

void BaselineMerge::Forget(int64_t before_ms) {
  days_.erase(days_.begin(), days_.lower_bound(before_ms / kDayMs));
}

v1::Baseline BaselineMerge::Result() const {
  Sketches all;
  for (const auto& [day, sketches] : days_) {
    for (const auto& [place, sketch] : sketches) all[place].Merge(sketch);
  }
  std::vector<int64_t> counts;
  for (const auto& [place, sketch] : all) counts.push_back(sketch.count());
  int64_t fewest = 0;
  if (counts.size() > kMostCells) {
    const auto last = counts.begin() + (kMostCells - 1);
    std::nth_element(counts.begin(), last, counts.end(), std::greater<>());
    // Of cells with as many waits as the last one that fits, none is in.
    fewest = *last + 1;
  }
  v1::Baseline baseline;
  for (const auto& [place, sketch] : all) {
    if (sketch.count() < fewest) continue;
    v1::Baseline::Cell& cell = *baseline.add_cells();
    cell.set_tenant_id(place.tenant_id);
    cell.set_queue_id(place.queue_id);
    cell.set_channel(place.channel);
    cell.set_hour(static_cast<uint32_t>(place.hour));
    cell.set_wait_ms(sketch.Quantile(0.5));
    cell.set_waits(sketch.count());
  }
  std::string bytes;
  AppendBytes(baseline, &bytes);
  baseline.set_version(absl::StrFormat("%016x", journey::Hash64(bytes)));
  return baseline;
}

}  // namespace peakend::publish
