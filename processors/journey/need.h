// What a contact is about, and who began it.
//
// A customer who comes back for the same need was not helped; a transfer, a callback
// that was promised or a survey call is no coming back.
//
// Every member is the earliest that an event names, so their order does not matter.
// Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_JOURNEY_NEED_H_
#define PEAKEND_PROCESSORS_JOURNEY_NEED_H_

#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>

#include "peakend/v1/customer_state.pb.h"
#include "processors/journey/event_facts.h"
#include "processors/journey/event_time.h"
#include "processors/journey/record_bytes.h"

namespace peakend::journey {

// Whether two contacts are about one matter.
enum class SameNeed : uint8_t { kNo, kYes, kUnknown };

// What is kept of the need of a contact that is gone: the low halves of its hashes, 0 where
// nothing was named.
struct NeedTrace {
  uint32_t case_id = 0;
  uint32_t intent = 0;
  uint32_t touchpoint = 0;
  friend bool operator==(const NeedTrace&, const NeedTrace&) = default;
};

class Need {
 public:
  explicit Need(std::pmr::memory_resource* memory) : started_event_id_(memory) {}
  // The need that Save wrote. REQUIRES: the record was checked.
  Need(const v1::CustomerState::Need& record, std::pmr::memory_resource* memory);
  // Writes the fields of its record.
  void Save(RecordBytes& record) const;

  void Add(const EventFacts& facts);
  void Merge(const Need& other);

  bool empty() const { return !started_ && !chain_ && !case_ && !intent_ && !touchpoint_; }
  // Said by an event; unknown is neither.
  bool StartedByCustomer() const;
  // The organisation came to the customer: a call out, or a callback.
  bool StartedByUs() const;
  // The event that says who began; nothing when none does.
  std::optional<EventTime> started_at() const { return started_; }
  std::string_view started_event_id() const { return started_event_id_; }
  // v1::Direction of that event; 0 = unknown.
  int direction() const { return direction_; }

  // Same case, else same intent, else same touchpoint: the first that both name
  // decides. Contacts of one chain of transfers are one contact: kNo.
  SameNeed Compare(const Need& other) const;
  // The same with a contact of an earlier journey, whose chain is not known any more.
  SameNeed Compare(const NeedTrace& earlier) const;
  NeedTrace Trace() const;

 private:
  // A name that an event gives, and when.
  struct Named {
    EventTime at;
    uint64_t hash = 0;
    void Offer(const EventTime& offered_at, uint64_t offered);
    explicit operator bool() const { return hash != 0; }
  };
  void OfferStart(const EventTime& at, int direction, int initiation, std::string_view event_id);

  std::optional<EventTime> started_;
  int direction_ = 0;   // v1::Direction
  int initiation_ = 0;  // v1::Initiation
  std::pmr::string started_event_id_;
  Named chain_;
  Named case_;
  Named intent_;
  Named touchpoint_;
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_NEED_H_
