// What became of a customer's promises: events that say that one was kept, or cannot be.
//
// They belong to the customer, not to a contact: a callback that was promised on the
// phone is kept by whoever calls back. One that comes before its promise waits for it.
//
// Bounded: the kMax latest are kept, whatever the order of their arrival.
// Thread-safety: none. The caller has removed duplicates.
#ifndef PEAKEND_PROCESSORS_JOURNEY_SETTLEMENT_H_
#define PEAKEND_PROCESSORS_JOURNEY_SETTLEMENT_H_

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "peakend/v1/customer_state.pb.h"
#include "processors/journey/event_facts.h"
#include "processors/journey/event_time.h"
#include "processors/journey/promise.h"
#include "processors/journey/record_bytes.h"

namespace peakend::journey {

struct Settlement {
  EventTime at;
  std::pmr::string promise_id;
  std::pmr::string event_id;
  bool fulfilled = false;  // else withdrawn
  int64_t time_ms = 0;     // when it was kept, or said to be withdrawn

  // A statement about `promise`, which was made before.
  bool IsAbout(const Promise& promise) const {
    return promise.made.at < at && promise.id == promise_id;
  }
};

class Settlements {
 public:
  static constexpr size_t kMax = 32;
  using Records = google::protobuf::RepeatedPtrField<v1::CustomerState::Settlement>;

  explicit Settlements(std::pmr::memory_resource* memory) : settlements_(memory) {}
  // The settlements that Save wrote. REQUIRES: the records were checked.
  Settlements(const Records& records, bool forgot, std::pmr::memory_resource* memory);
  // As `field` of the message that is being written.
  void Save(int field, RecordBytes& record) const;

  // REQUIRES: facts.kind == FactKind::kSettlement.
  void Add(const EventFacts& facts);
  // Adds all of `other`, which heard other events.
  void Merge(const Settlements& other);

  // In order of their events.
  absl::Span<const Settlement> all() const { return settlements_; }
  bool empty() const { return settlements_.empty(); }
  // Settlements were forgotten because there were too many.
  bool forgot() const { return forgot_; }

  // Forgets those for which `unwanted` holds.
  template <typename Unwanted>
  void DropIf(Unwanted unwanted) {
    std::erase_if(settlements_, unwanted);
  }

 private:
  void Insert(Settlement settlement);

  std::pmr::vector<Settlement> settlements_;
  bool forgot_ = false;
};

// What had become of a promise by some time; null = nothing that was said.
struct Fate {
  const Settlement* fulfilled = nullptr;  // the earliest
  const Settlement* withdrawn = nullptr;  // the earliest

  bool unknown() const { return fulfilled == nullptr && withdrawn == nullptr; }
};
Fate FateOf(const Promise& promise, absl::Span<const Settlement> settlements, int64_t as_of_ms);

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_SETTLEMENT_H_
