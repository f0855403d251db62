// What is to happen at some time, collected by pieces of 10 ms: the order within a piece is made
// when its time has come, which costs less than keeping millions in order all the time.
//
// Thread-safety: none; one owner.
#ifndef PEAKEND_BENCHMARKS_LOAD_TIME_BUCKETS_H_
#define PEAKEND_BENCHMARKS_LOAD_TIME_BUCKETS_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace peakend::load {

inline constexpr int64_t kBucketUs = 10'000;

// REQUIRES: at_us >= 0.
inline int64_t BucketOf(int64_t at_us) { return at_us / kBucketUs; }

template <typename T>
class TimeBuckets {
 public:
  void Push(int64_t at_us, T value) { buckets_[BucketOf(at_us)].push_back(std::move(value)); }

  // Takes what was pushed for the piece, in the order of pushing; `out` keeps its room.
  void Take(int64_t bucket, std::vector<T>* out) {
    out->clear();
    const auto found = buckets_.find(bucket);
    if (found == buckets_.end()) return;
    out->swap(found->second);
    buckets_.erase(found);
  }

  bool empty() const { return buckets_.empty(); }

 private:
  absl::flat_hash_map<int64_t, std::vector<T>> buckets_;
};

}  // namespace peakend::load

#endif  // PEAKEND_BENCHMARKS_LOAD_TIME_BUCKETS_H_
