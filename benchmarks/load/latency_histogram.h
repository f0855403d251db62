// Counts of durations in microseconds, with three digits: what HdrHistogram (Gil Tene) does, in the
// part of it that is needed here. 190 KB, whatever is recorded.
//
// Thread-safety: a value.
#ifndef PEAKEND_BENCHMARKS_LOAD_LATENCY_HISTOGRAM_H_
#define PEAKEND_BENCHMARKS_LOAD_LATENCY_HISTOGRAM_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "peakend/v1/load_manifest.pb.h"

namespace peakend::load {

class LatencyHistogram {
 public:
  // One hour; what is longer counts as this.
  static constexpr int64_t kMostUs = 3'600'000'000;

  LatencyHistogram();

  // A negative duration counts as 0, and as negative: clocks that disagree show there.
  void Record(int64_t us);
  void Add(const LatencyHistogram& other);

  int64_t count() const { return count_; }
  int64_t negative() const { return negative_; }
  int64_t max_us() const { return max_us_; }
  // So that a share `q` in [0, 1] of the values is not above it; off by a thousandth at most, and
  // never below. 0 when there is none.
  int64_t Quantile(double q) const;

  v1::LoadQuantiles Quantiles() const;
  // As HdrHistogram's tools read it: value, percentile, count, 1/(1-percentile).
  std::string Hgrm() const;

 private:
  static size_t IndexOf(uint64_t us);
  static int64_t HighestOf(size_t index);

  std::vector<int64_t> counts_;
  int64_t count_ = 0;
  int64_t negative_ = 0;
  int64_t max_us_ = 0;
  double sum_us_ = 0;
};

}  // namespace peakend::load

#endif  // PEAKEND_BENCHMARKS_LOAD_LATENCY_HISTOGRAM_H_
