#include "processors/moments/wait_sketch.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace peakend::moments {
namespace {

constexpr uint32_t kExact = 32;
constexpr int kExactBits = 5;
constexpr int kBits = 4;
constexpr uint32_t kBuckets = uint32_t{1} << kBits;  // to each power of two

uint32_t BucketOf(int64_t wait_ms) {
  const auto wait = static_cast<uint64_t>(wait_ms);
  if (wait < kExact) return static_cast<uint32_t>(wait);
  const int power = std::bit_width(wait) - 1;
  const auto within = static_cast<uint32_t>(wait >> (power - kBits)) & (kBuckets - 1);
  return kExact + static_cast<uint32_t>(power - kExactBits) * kBuckets + within;
}

const uint32_t kLastBucket = BucketOf(WaitSketch::kMostMs);

int64_t MiddleOf(uint32_t bucket) {
  if (bucket < kExact) return bucket;
  const int power = kExactBits + static_cast<int>((bucket - kExact) / kBuckets);
  const int64_t width = int64_t{1} << (power - kBits);
  return (kBuckets + (bucket - kExact) % kBuckets) * width + width / 2;
}

}  // namespace

absl::StatusOr<WaitSketch> WaitSketch::FromRecord(const v1::Sketch& record) {
  WaitSketch sketch;
  if (record.buckets_size() != record.counts_size()) {
    return absl::InvalidArgumentError("sketch: as many counts as buckets are needed");
  }
  for (int i = 0; i < record.buckets_size(); ++i) {
    const uint32_t bucket = record.buckets(i);
    if (bucket > kLastBucket || record.counts(i) <= 0 ||
        (i > 0 && bucket <= record.buckets(i - 1))) {
      return absl::InvalidArgumentError("sketch: a bucket out of order or out of range");
    }
    sketch.buckets_.emplace_hint(sketch.buckets_.end(), bucket, record.counts(i));
    sketch.count_ += record.counts(i);
  }
  sketch.sum_ = record.sum();
  return sketch;
}

void WaitSketch::Save(v1::Sketch* record) const {
  for (const auto& [bucket, count] : buckets_) {
    record->add_buckets(bucket);
    record->add_counts(count);
  }
  record->set_sum(sum_);
}

void WaitSketch::Add(int64_t wait_ms) {
  const int64_t wait = std::min(wait_ms, kMostMs);
  ++buckets_[BucketOf(wait)];
  ++count_;
  sum_ += wait;
}

void WaitSketch::Merge(const WaitSketch& other) {
  for (const auto& [bucket, count] : other.buckets_) buckets_[bucket] += count;
  count_ += other.count_;
  sum_ += other.sum_;
}

int64_t WaitSketch::Quantile(double share) const {
  const auto rank =
      std::max<int64_t>(1, static_cast<int64_t>(std::ceil(share * static_cast<double>(count_))));
  int64_t below = 0;
  for (const auto& [bucket, count] : buckets_) {
    below += count;
    if (below >= rank) return MiddleOf(bucket);
  }
  return MiddleOf(buckets_.rbegin()->first);
}

}  // namespace peakend::moments
