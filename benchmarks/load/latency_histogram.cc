#include "benchmarks/load/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "absl/strings/str_format.h"

namespace peakend::load {
namespace {

// Values below are counted one by one; above, each power of two is cut into half as many.
constexpr uint64_t kExact = 2048;
constexpr int kExactBits = 11;
constexpr uint64_t kPieces = kExact / 2;

}  // namespace

size_t LatencyHistogram::IndexOf(uint64_t us) {
  if (us < kExact) return us;
  const int shift = static_cast<int>(std::bit_width(us)) - kExactBits;
  return kExact + static_cast<uint64_t>(shift - 1) * kPieces + (us >> shift) - kPieces;
}

int64_t LatencyHistogram::HighestOf(size_t index) {
  if (index < kExact) return static_cast<int64_t>(index);
  const uint64_t beyond = index - kExact;
  const uint64_t shift = beyond / kPieces + 1;
  const uint64_t piece = beyond % kPieces + kPieces;
  return static_cast<int64_t>(((piece + 1) << shift) - 1);
}

LatencyHistogram::LatencyHistogram() : counts_(IndexOf(kMostUs) + 1) {}

void LatencyHistogram::Record(int64_t us) {
  if (us < 0) ++negative_;
  us = std::clamp<int64_t>(us, 0, kMostUs);
  ++counts_[IndexOf(static_cast<uint64_t>(us))];
  ++count_;
  max_us_ = std::max(max_us_, us);
  sum_us_ += static_cast<double>(us);
}

void LatencyHistogram::Add(const LatencyHistogram& other) {
  for (size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  negative_ += other.negative_;
  max_us_ = std::max(max_us_, other.max_us_);
  sum_us_ += other.sum_us_;
}

int64_t LatencyHistogram::Quantile(double q) const {
  const auto rank =
      std::max<int64_t>(1, static_cast<int64_t>(std::ceil(q * static_cast<double>(count_) - 1e-9)));
  int64_t below = 0;
  for (size_t i = 0; i < counts_.size(); ++i) {
    below += counts_[i];
    if (below >= rank) return std::min(HighestOf(i), max_us_);
  }
  return max_us_;
}

v1::LoadQuantiles LatencyHistogram::Quantiles() const {
  v1::LoadQuantiles quantiles;
  quantiles.set_count(count_);
  quantiles.set_p50(Quantile(0.5));
  quantiles.set_p90(Quantile(0.9));
  quantiles.set_p99(Quantile(0.99));
  quantiles.set_p999(Quantile(0.999));
  quantiles.set_max(max_us_);
  quantiles.set_negative(negative_);
  return quantiles;
}

std::string LatencyHistogram::Hgrm() const {
  std::string text = "       Value     Percentile TotalCount 1/(1-Percentile)\n\n";
  int64_t below = 0;
  for (size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] == 0) continue;
    below += counts_[i];
    const double share = static_cast<double>(below) / static_cast<double>(count_);
    absl::StrAppendFormat(&text, "%12d %14.12f %10d", std::min(HighestOf(i), max_us_), share,
                          below);
    if (below < count_) absl::StrAppendFormat(&text, " %14.2f", 1 / (1 - share));
    text += "\n";
  }
  absl::StrAppendFormat(&text, "#[Mean = %.3f]\n#[Max = %d, Total count = %d]\n",
                        count_ > 0 ? sum_us_ / static_cast<double>(count_) : 0, max_us_, count_);
  return text;
}

}  // namespace peakend::load
