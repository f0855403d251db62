// Which customer wants to be woken at which watermark.
//
// Smallest deadline first, ties by customer hash, so that the order of wake-ups is a function
// of the log alone. Deadlines that moved are left where they are; the owner recognises them
// when they come up.
//
// One heap for each 70 minutes: with a million promises open a single one is a cache miss at
// each of its lower levels whenever a deadline fires, while the first of these fits into the
// cache. Heaps of less time are cheaper to take from, but there are more to choose from.
//
// Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_RUNTIME_DEADLINES_H_
#define PEAKEND_PROCESSORS_RUNTIME_DEADLINES_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/btree_map.h"

namespace peakend::runtime {

struct Deadline {
  int64_t at_ms = 0;
  uint64_t customer_hash = 0;
  uint32_t slot = 0;
};

// Four children each: half as deep as a binary heap.
class DeadlineHeap {
 public:
  void Add(const Deadline& deadline) {
    size_t place = heap_.size();
    // Less than twofold: so many heaps would hold half as much again as they need.
    if (place == heap_.capacity()) heap_.reserve(place + place / 8 + 1);
    heap_.push_back(deadline);
    while (place > 0) {
      const size_t parent = (place - 1) / kChildren;
      if (!Later(heap_[parent], deadline)) break;
      heap_[place] = heap_[parent];
      place = parent;
    }
    heap_[place] = deadline;
  }
  // REQUIRES: !empty().
  const Deadline& front() const { return heap_.front(); }
  // Removes and returns the smallest. REQUIRES: !empty().
  Deadline Pop() {
    const Deadline smallest = heap_.front();
    const Deadline last = heap_.back();
    heap_.pop_back();
    if (!heap_.empty()) SinkFromTop(last);
    return smallest;
  }
  bool empty() const { return heap_.empty(); }
  size_t bytes() const { return heap_.capacity() * sizeof(Deadline); }

 private:
  static constexpr size_t kChildren = 4;

  // Puts `deadline`, which takes the place of the smallest, where it belongs.
  void SinkFromTop(const Deadline& deadline) {
    size_t place = 0;
    while (true) {
      const size_t first = place * kChildren + 1;
      if (first >= heap_.size()) break;
      const size_t end = std::min(first + kChildren, heap_.size());
      size_t child = first;
      for (size_t i = first + 1; i < end; ++i) {
        if (Later(heap_[child], heap_[i])) child = i;
      }
      if (!Later(deadline, heap_[child])) break;
      heap_[place] = heap_[child];
      place = child;
    }
    heap_[place] = deadline;
  }

  static bool Later(const Deadline& a, const Deadline& b) {
    if (a.at_ms != b.at_ms) return a.at_ms > b.at_ms;
    if (a.customer_hash != b.customer_hash) return a.customer_hash > b.customer_hash;
    return a.slot > b.slot;
  }

  std::vector<Deadline> heap_;
};

class Deadlines {
 public:
  void Add(const Deadline& deadline) {
    heaps_[deadline.at_ms >> kSpanBits].Add(deadline);
    ++size_;
  }
  // True when the smallest deadline lies before `watermark_ms`.
  bool IsDue(int64_t watermark_ms) const { return !empty() && front().at_ms < watermark_ms; }
  // Removes and returns the smallest. REQUIRES: !empty().
  Deadline Pop() {
    const auto first = heaps_.begin();
    const Deadline smallest = first->second.Pop();
    if (first->second.empty()) heaps_.erase(first);
    --size_;
    return smallest;
  }
  // REQUIRES: !empty().
  const Deadline& front() const { return heaps_.begin()->second.front(); }
  bool empty() const { return size_ == 0; }
  size_t size() const { return size_; }
  size_t bytes() const {
    size_t sum = 0;
    for (const auto& [span, heap] : heaps_) sum += sizeof(span) + sizeof(heap) + heap.bytes();
    return sum;
  }

 private:
  static constexpr int kSpanBits = 22;  // of milliseconds

  // None is empty.
  absl::btree_map<int64_t, DeadlineHeap> heaps_;
  size_t size_ = 0;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_DEADLINES_H_
