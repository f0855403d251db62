// The event ids of a customer that were taken in, to recognise duplicates.
//
// Bounded: two generations of at most half the limit; when the younger is full
// the older is forgotten. An id forgotten too early can only be one of a customer
// who sends more than the limit within the allowed lateness: older duplicates are
// late anyway.
//
// Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_JOURNEY_SEEN_EVENTS_H_
#define PEAKEND_PROCESSORS_JOURNEY_SEEN_EVENTS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory_resource>

#include "absl/container/flat_hash_set.h"
#include "absl/container/inlined_vector.h"
#include "peakend/v1/customer_state.pb.h"
#include "processors/journey/record_bytes.h"

namespace peakend::journey {

class SeenEvents {
 public:
  explicit SeenEvents(std::pmr::memory_resource* memory) : young_(memory), old_(memory) {}
  // The ids that Save wrote.
  SeenEvents(const v1::CustomerState::SeenEvents& record, std::pmr::memory_resource* memory)
      : young_(record.young().begin(), record.young().end(), 0, {}, {}, memory),
        old_(record.old().begin(), record.old().end(), 0, {}, {}, memory),
        forgot_(record.forgot()) {}
  // Sorted, since the order in a hash set differs from process to process.
  void Save(RecordBytes& record) const {
    SaveSorted(young_, v1::CustomerState::SeenEvents::kYoungFieldNumber, record);
    SaveSorted(old_, v1::CustomerState::SeenEvents::kOldFieldNumber, record);
    record.Int(v1::CustomerState::SeenEvents::kForgotFieldNumber, forgot_);
  }

  // True when `hash` was not there yet. `limit` >= 2.
  bool Insert(uint64_t hash, size_t limit) {
    if (old_.contains(hash) || !young_.insert(hash).second) return false;
    if (young_.size() >= limit / 2) {
      forgot_ = forgot_ || !old_.empty();
      old_.clear();
      old_.swap(young_);
    }
    return true;
  }
  // Adds all of `other`, in an order that is the same in every process, since the next
  // generation begins at one of them.
  void Merge(const SeenEvents& other, size_t limit) {
    for (const Set* generation : {&other.old_, &other.young_}) {
      for (const uint64_t hash : Sorted(*generation)) Insert(hash, limit);
    }
    forgot_ = forgot_ || other.forgot_;
  }
  bool Contains(uint64_t hash) const { return young_.contains(hash) || old_.contains(hash); }
  void NoteForgotten() { forgot_ = true; }
  // True once ids were forgotten.
  bool forgot() const { return forgot_; }

 private:
  // The hashes are already mixed.
  struct Identity {
    size_t operator()(uint64_t hash) const { return hash; }
  };
  using Set = absl::flat_hash_set<uint64_t, Identity, std::equal_to<uint64_t>,
                                  std::pmr::polymorphic_allocator<uint64_t>>;

  using Hashes = absl::InlinedVector<uint64_t, 64>;
  static Hashes Sorted(const Set& set) {
    Hashes hashes(set.begin(), set.end());
    std::sort(hashes.begin(), hashes.end());
    return hashes;
  }
  static void SaveSorted(const Set& set, int field, RecordBytes& record) {
    if (set.empty()) return;
    record.Message(field, [&] {
      for (const uint64_t hash : Sorted(set)) record.AddFixed64(hash);
    });
  }

  Set young_;
  Set old_;
  bool forgot_ = false;
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_SEEN_EVENTS_H_
