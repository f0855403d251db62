// Which customer wants to be woken at which watermark.
//
// A heap of four children each (half as deep as a binary one: with a million promises
// open each level is a cache miss), smallest deadline first, ties by customer hash, so that
// the order of wake-ups is a function of the log alone. Deadlines that moved are left in
// the heap; the owner recognises them when they come up.
//
// Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_RUNTIME_DEADLINES_H_
#define PEAKEND_PROCESSORS_RUNTIME_DEADLINES_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace peakend::runtime {

struct Deadline {
  int64_t at_ms = 0;
  uint64_t customer_hash = 0;
  uint32_t slot = 0;
};

class Deadlines {
 public:
  void Add(const Deadline& deadline) {
    size_t place = heap_.size();
    heap_.push_back(deadline);
    while (place > 0) {
      const size_t parent = (place - 1) / kChildren;
      if (!Later(heap_[parent], deadline)) break;
      heap_[place] = heap_[parent];
      place = parent;
    }
    heap_[place] = deadline;
  }
  // True when the smallest deadline lies before `watermark_ms`.
  bool IsDue(int64_t watermark_ms) const {
    return !heap_.empty() && heap_.front().at_ms < watermark_ms;
  }
  // Removes and returns the smallest. REQUIRES: size() > 0.
  Deadline Pop() {
    const Deadline smallest = heap_.front();
    const Deadline last = heap_.back();
    heap_.pop_back();
    if (!heap_.empty()) SinkFromTop(last);
    return smallest;
  }
  // REQUIRES for front: !empty().
  const Deadline& front() const { return heap_.front(); }
  bool empty() const { return heap_.empty(); }
  size_t size() const { return heap_.size(); }
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

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_DEADLINES_H_
