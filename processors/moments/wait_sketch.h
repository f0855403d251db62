// How waits are distributed, in little memory; two sketches add up to that of all.
//
// Exact below 32 ms, then 16 buckets to each power of two: the middle of a bucket is within
// 1/32 of what it holds. Integers only, so the order of adding does not matter. A log-linear
// histogram as Tene's HdrHistogram (2012); mergeable like that of Masson, Rim, Lee (2019).
//
// Thread-safety: a value.
#ifndef PEAKEND_PROCESSORS_MOMENTS_WAIT_SKETCH_H_
#define PEAKEND_PROCESSORS_MOMENTS_WAIT_SKETCH_H_

#include <cstdint>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "peakend/v1/touchpoint_statistics.pb.h"

namespace peakend::moments {

class WaitSketch {
 public:
  // Longer ones count as this: 34 years.
  static constexpr int64_t kMostMs = (int64_t{1} << 40) - 1;

  WaitSketch() = default;
  // InvalidArgument: the buckets are not ascending, none of them exists or a count is not
  // positive.
  static absl::StatusOr<WaitSketch> FromRecord(const v1::Sketch& record);
  // REQUIRES: `record` is empty.
  void Save(v1::Sketch* record) const;

  // REQUIRES: wait_ms >= 0.
  void Add(int64_t wait_ms);
  void Merge(const WaitSketch& other);

  int64_t count() const { return count_; }
  // The smallest wait that at least `share` of all do not exceed, within 1/32.
  // REQUIRES: count() > 0 and share in [0, 1].
  int64_t Quantile(double share) const;

 private:
  absl::btree_map<uint32_t, int64_t> buckets_;
  int64_t count_ = 0;
  int64_t sum_ = 0;
};

}  // namespace peakend::moments

#endif  // PEAKEND_PROCESSORS_MOMENTS_WAIT_SKETCH_H_
