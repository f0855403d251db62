// The alerts of one customer: raised, recovered, handed over to follow-up, expired.
//
// Life cycle in this part: OPEN -> RESOLVED (the watched value rose above `exit`),
// OPEN -> FOLLOW_UP (the contact ended), either -> EXPIRED (the journey ended).
// After a recovery the rule stays quiet for its cooldown.
//
// Bounded: of alerts whose life is over the newest per rule and journey is kept.
//
// An alert belongs to the journey that holds the contact it was raised in, so it
// follows that contact when journeys are joined or split.
//
// Decisions are values: each change is handed out as a Transition, nothing is
// written here. Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_ALERTS_ALERT_BOOK_H_
#define PEAKEND_PROCESSORS_ALERTS_ALERT_BOOK_H_

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "peakend/v1/alert.pb.h"
#include "peakend/v1/customer_state.pb.h"
#include "processors/alerts/rule.h"
#include "processors/journey/cause.h"
#include "processors/journey/contact_set.h"
#include "processors/journey/identifier.h"
#include "processors/moments/moment_model.h"

namespace peakend::alerts {

// Why an alert changed; also the text of Alert.reason.
enum class Reason : uint8_t { kRaised, kRecovered, kContactEnded, kJourneyEnded };
std::string_view ReasonName(Reason reason);

struct Alert {
  explicit Alert(std::pmr::memory_resource* memory)
      : contact_id(memory), trigger_event_id(memory) {}

  journey::Identifier id;
  journey::Identifier journey_id;  // when it was raised; part of its dedupe key
  uint16_t rule = 0;               // index into Rules
  v1::Alert::State state = v1::Alert::OPEN;
  int64_t row_version = 1;
  journey::EventTime raised;                     // the event that raised it
  affect::Nano value = 0;                        // what the rule saw then
  journey::Cause cause = journey::Cause::kTurn;  // of what the event did
  int64_t updated_at_ms = 0;
  int64_t follow_up_due_at_ms = 0;
  int64_t quiet_until_ms = 0;
  std::pmr::string contact_id;
  std::pmr::string trigger_event_id;

  bool active() const { return state == v1::Alert::OPEN || state == v1::Alert::FOLLOW_UP; }
};

// Follows from journey, rule and the event that raised it.
journey::Identifier AlertId(const Alert& alert, const Rules& rules);

// One revision of an alert. Points into the book; valid until it changes again.
struct Transition {
  const Alert* alert = nullptr;
  Reason reason = Reason::kRaised;
  size_t contact = 0;  // index of the contact concerned
};
using Transitions = absl::InlinedVector<Transition, 4>;

// The event being applied, as rules see it.
struct Occasion {
  const journey::ContactSet& contacts;
  const journey::JourneySpan& journey;
  size_t contact = 0;  // index of the event's contact
  const journey::EventFacts& facts;
  const journey::Windows& windows;
  const moments::MomentModel& model;
  std::string_view tenant_id;
  std::string_view customer_id;
};

class AlertBook {
 public:
  using Records = google::protobuf::RepeatedPtrField<v1::CustomerState::Alert>;

  explicit AlertBook(std::pmr::memory_resource* memory) : alerts_(memory), memory_(memory) {}
  // The alerts that Save wrote, without those of rules that are not in `rules`.
  // REQUIRES: the records were checked.
  AlertBook(const Records& records, const Rules& rules, std::pmr::memory_resource* memory);
  // REQUIRES: `records` is empty; the alerts were raised under `rules`.
  void Save(const Rules& rules, Records* records) const;

  // Judges an event just applied to a journey that has not ended.
  Transitions OnEvent(const Rules& rules, const Occasion& occasion);
  // Moves the open alerts of contact `index`, which has ended at `ended_at_ms`, to
  // follow-up.
  Transitions OnContactEnded(const Rules& rules, const journey::ContactSet& contacts, size_t index,
                             int64_t ended_at_ms);
  // Expires what is still active in `journey`, which has ended at `ended_at_ms`.
  Transitions OnJourneyEnded(const journey::ContactSet& contacts,
                             const journey::JourneySpan& journey, int64_t ended_at_ms);
  // Forgets the alerts of a journey that is about to be dropped.
  void Drop(const journey::ContactSet& contacts, const journey::JourneySpan& journey);

  bool empty() const { return alerts_.empty(); }
  size_t size() const { return alerts_.size(); }

 private:
  Alert* Find(uint16_t rule, const Occasion& occasion);
  // Returns the index of the new alert; it takes the place of `over`, if not null.
  size_t Raise(const Rules& rules, uint16_t rule, affect::Nano value, journey::Cause cause,
               const Occasion& occasion, Alert* over);

  std::pmr::vector<Alert> alerts_;
  std::pmr::memory_resource* memory_;
};

}  // namespace peakend::alerts

#endif  // PEAKEND_PROCESSORS_ALERTS_ALERT_BOOK_H_
