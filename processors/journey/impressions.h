// What a contact's impressions come to, in bounded space: sums over all of them,
// the strongest of each sign, the first few and the latest few.
//
// Every member is a commutative, idempotent-under-distinct-events accumulator:
// the state after a set of impressions does not depend on their order. The order
// "earlier" and "later" is (time, event id, event hash).
//
// Thread-safety: none. Adding an impression twice is the caller's mistake.
#ifndef PEAKEND_PROCESSORS_JOURNEY_IMPRESSIONS_H_
#define PEAKEND_PROCESSORS_JOURNEY_IMPRESSIONS_H_

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "peakend/v1/customer_state.pb.h"
#include "processors/journey/event_ids.h"
#include "processors/journey/impression.h"
#include "processors/journey/record_bytes.h"

namespace peakend::journey {

class Impressions {
 public:
  // Kept from the start, for the opening, and from the end, for the tail.
  static constexpr size_t kEarliest = 16;
  static constexpr size_t kLatest = 32;

  explicit Impressions(std::pmr::memory_resource* memory)
      : earliest_(memory), latest_(memory), ids_(memory) {}
  // The impressions that Save wrote. REQUIRES: the record was checked.
  Impressions(const v1::ImpressionsState& record, std::pmr::memory_resource* memory);
  // Writes the fields of its record.
  void Save(RecordBytes& record) const;

  // Adds `impression`, whose event_id is still unset, under the id `event_id`.
  void Add(Impression impression, std::string_view event_id);
  // Adds all of `other`, which holds other events.
  void Merge(const Impressions& other);

  int64_t count() const { return count_; }
  // Sum of all valences, in 1e-9 steps.
  int64_t sum() const { return sum_; }
  // Strongest of each sign by Weight(); ties: the later one.
  const std::optional<Impression>& strongest_positive() const { return positive_; }
  const std::optional<Impression>& strongest_negative() const { return negative_; }
  // At most kEarliest and kLatest, earlier first.
  absl::Span<const Impression> earliest() const { return earliest_; }
  absl::Span<const Impression> latest() const;
  std::string_view event_id(const Impression& impression) const {
    return ids_[impression.event_id];
  }

  // Each impression that is still kept, once: at most kEarliest + kLatest + 2, in no order.
  void ForEachKept(absl::FunctionRef<void(const Impression&)> visit) const;

  // Order of two impressions of this contact.
  bool Earlier(const Impression& a, const Impression& b) const;

 private:
  void AddToLatest(const Impression& impression);
  void AddToEarliest(const Impression& impression);
  void KeepStrongest(std::optional<Impression>& strongest, const Impression& candidate) const;
  void ForgetOldIds();

  int64_t count_ = 0;
  int64_t sum_ = 0;
  std::optional<Impression> positive_;
  std::optional<Impression> negative_;
  std::pmr::vector<Impression> earliest_;
  // Up to kLatest + kSlack, so that most additions move nothing.
  std::pmr::vector<Impression> latest_;
  EventIds ids_;
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_IMPRESSIONS_H_
