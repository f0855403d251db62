// Which customer wants to be woken at which watermark.
//
// A binary heap, smallest deadline first, ties by customer hash, so that the order
// of wake-ups is a function of the log alone. Deadlines that moved are left in
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
    heap_.push_back(deadline);
    std::push_heap(heap_.begin(), heap_.end(), Later);
  }
  // True when the smallest deadline lies before `watermark_ms`.
  bool IsDue(int64_t watermark_ms) const {
    return !heap_.empty() && heap_.front().at_ms < watermark_ms;
  }
  // Removes and returns the smallest. REQUIRES: size() > 0.
  Deadline Pop() {
    std::pop_heap(heap_.begin(), heap_.end(), Later);
    const Deadline deadline = heap_.back();
    heap_.pop_back();
    return deadline;
  }
  // REQUIRES for front: !empty().
  const Deadline& front() const { return heap_.front(); }
  bool empty() const { return heap_.empty(); }
  size_t size() const { return heap_.size(); }
  size_t bytes() const { return heap_.capacity() * sizeof(Deadline); }

 private:
  static bool Later(const Deadline& a, const Deadline& b) {
    if (a.at_ms != b.at_ms) return a.at_ms > b.at_ms;
    if (a.customer_hash != b.customer_hash) return a.customer_hash > b.customer_hash;
    return a.slot > b.slot;
  }

  std::vector<Deadline> heap_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_DEADLINES_H_
