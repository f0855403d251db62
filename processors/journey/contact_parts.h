// The contacts of a customer and of guests, who belong to it now: each whole, and all of them
// as one. A guest's leave exactly as they came.
//
// Invariants: view() is a function of the parts alone, whatever the order in which they came;
// no event is in two parts. Bounded: kMostGuests; beyond, the guest who was heard of longest ago
// is absorbed for good.
// Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_JOURNEY_CONTACT_PARTS_H_
#define PEAKEND_PROCESSORS_JOURNEY_CONTACT_PARTS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "peakend/v1/customer_state.pb.h"
#include "processors/journey/contact_set.h"
#include "processors/journey/event_facts.h"
#include "processors/journey/record_bytes.h"
#include "processors/journey/windows.h"

namespace peakend::journey {

class ContactParts {
 public:
  static constexpr size_t kMostGuests = 32;

  enum class Stay : uint8_t { kUnknown, kHere, kLeft };
  struct Guest {
    std::pmr::string origin;  // customer id
    ContactSet contacts;
    bool left = false;  // and it was not said yet that they arrived; without contacts
  };

  // The parts that Save wrote. REQUIRES: the record was checked.
  ContactParts(const v1::CustomerState::Open& record, const Windows& windows,
               std::pmr::memory_resource* memory);
  // Write the fields about contacts of a v1::CustomerState::Open: of the customer's own the
  // first, of guests the last.
  void SaveOwn(RecordBytes& record) const;
  void SaveGuests(RecordBytes& record) const;

  // A customer's own; `absorbed` guests are in there for good.
  explicit ContactParts(ContactSet own, int64_t absorbed = 0)
      : own_(std::move(own)), absorbed_(absorbed) {}

  // Takes in an event of `origin` (empty = the customer), a guest from now on if need be.
  // `changed` becomes an index of view(). REQUIRES: the event is not late, or amends view();
  // StayOf(origin) is not kLeft.
  ApplyResult Apply(std::string_view origin, const EventFacts& facts, const Windows& windows,
                    size_t* changed);
  // Adds a piece of a part. REQUIRES: StayOf(origin) is not kLeft.
  void Join(std::string_view origin, const ContactSet& piece, const Windows& windows);
  // Takes the part away. A guest is kLeft until Close; who is not known leaves nothing.
  ContactSet Leave(std::string_view origin, const Windows& windows);
  void Close(std::string_view origin);

  Stay StayOf(std::string_view origin) const;
  // Null when there is none here.
  const ContactSet* part(std::string_view origin) const;
  // In order of their ids.
  absl::Span<const Guest> guests() const;
  // All parts as one.
  const ContactSet& view() const;
  // The contact of view() that holds the one that begins with `first`, of a part or of the piece
  // that was joined last; the number of contacts when there is none.
  size_t IndexOf(const EventTime& first) const;
  // True when neither contacts nor guests are left, not even some who have left themselves.
  bool empty() const { return guests().empty() && own_.empty(); }
  // Whether an event of `origin` (empty = the customer) was taken in.
  bool Seen(std::string_view origin, uint64_t hash) const;
  // The guest of whom the event was taken in; empty = the customer, or nobody whom we know.
  std::string_view OriginOf(uint64_t hash) const;
  // Where the parts live.
  std::pmr::memory_resource* memory() const { return own_.memory(); }
  // Guests that were absorbed because there were too many.
  int64_t absorbed() const { return absorbed_; }

  // REQUIRES for both: they are about view().
  void MarkCounted(size_t index);
  // All that is to go at once: what is left may be other contacts than before, where too many had
  // been joined.
  void DropFirst(size_t count, int64_t watermark_ms, const Windows& windows);
  // Forgets what waited in vain, and guests of whom nothing is left.
  void DropUnmatched(int64_t watermark_ms, const Windows& windows);

 private:
  // Of a customer with guests.
  struct Together {
    explicit Together(std::pmr::memory_resource* memory) : guests(memory), joins(memory) {}
    std::pmr::vector<Guest> guests;  // by origin
    std::optional<ContactSet> all;   // nothing when all guests have left
    ContactJoins joins;              // by which contacts of parts became those of `all`
  };
  // Gives it back to the memory that its parts came from.
  struct ReturnToMemory {
    void operator()(Together* together) const {
      std::pmr::polymorphic_allocator<>(together->guests.get_allocator()).delete_object(together);
    }
  };

  Guest* Find(std::string_view origin) const;
  // The guest, new if need be.
  Guest& Welcome(std::string_view origin);
  ContactSet& PartOf(std::string_view origin);
  void AbsorbOneTooMany(const Windows& windows, ContactJoins* joins);
  void LookAgain(const Windows& windows) { LookAgain(windows, ContactJoins(own_.memory())); }
  // `joins`: those within parts since the last look.
  void LookAgain(const Windows& windows, ContactJoins joins);
  template <typename Visit>
  void ForEachPart(Visit visit);

  ContactSet own_;
  std::unique_ptr<Together, ReturnToMemory> together_;
  int64_t absorbed_ = 0;
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_CONTACT_PARTS_H_
