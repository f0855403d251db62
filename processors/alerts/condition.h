// Conditions: what is wrong from some time on, as long as nothing ends it. A customer
// waits, a promise is about to break, a bad moment was not answered.
//
// A condition is read from the facts alone, so that a late fact amends it. Where it
// begins in the future, that is when the customer must be looked at again.
//
// Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_ALERTS_CONDITION_H_
#define PEAKEND_PROCESSORS_ALERTS_CONDITION_H_

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "processors/alerts/rule.h"
#include "processors/alerts/scene.h"
#include "processors/journey/business_hours.h"
#include "processors/journey/event_time.h"

namespace peakend::alerts {

struct Finding {
  int64_t from_ms = 0;       // it holds from then on
  journey::EventTime since;  // the event that it counts from
  std::string_view event_id;
  size_t contact = 0;      // index of the contact concerned
  affect::Nano value = 0;  // of a peak: valence x confidence
};

// Order of findings of one rule: when they begin, then what they count from.
struct FindingPlace {
  int64_t from_ms = 0;
  journey::EventTime since;
  friend auto operator<=>(const FindingPlace&, const FindingPlace&) = default;
};
inline FindingPlace PlaceOf(const Finding& finding) { return {finding.from_ms, finding.since}; }

// What a condition may be about, before a rule says from when on it is wrong.
struct Pending {
  int64_t at_ms = 0;  // its time runs from here
  journey::EventTime since;
  std::string_view event_id;
  size_t contact = 0;
  affect::Nano value = 0;                              // of a peak, remembered or not
  std::optional<int64_t> adequate_ms = std::nullopt;   // how long customers put up with it
  int64_t until_ms = 0;                                // of no use after this
  int64_t count = 0;                                   // of a repeat: earlier contacts
  bool unrecovered = false;                            // of a remembered peak
  int64_t allowed_ms = 0;                              // of a promise
  std::optional<int64_t> withdrawn_ms = std::nullopt;  // of a promise
  std::string_view withdrawn_event_id = {};
  // Its time runs in these; null = by the clock on the wall.
  const journey::BusinessHours* hours = nullptr;
  bool announced = false;  // `adequate_ms` was, and what is announced runs by the clock
};

// The conditions of a journey as it stands; what several rules ask is looked up once.
// The scene must outlive this and not change.
class Conditions {
 public:
  explicit Conditions(const Scene& scene) : scene_(scene) {}

  // The condition of `rule` in a contact `within` that begins first after `after`; nothing
  // while there is nothing to wait for. REQUIRES: IsCondition(rule.trigger), and it is not
  // kFollowUpOverdue, which is about alerts.
  std::optional<Finding> Find(const Rule& rule, absl::Span<const RuleScope> within,
                              const std::optional<FindingPlace>& after);

 private:
  using Pendings = absl::InlinedVector<Pending, 1>;
  const Pendings& PendingOf(Trigger trigger);
  void LookAt(Trigger trigger, const journey::Contact& contact, size_t index, Pendings& pendings);
  void Waiting(const journey::Contact& contact, size_t index, Pendings& pendings);
  void MessageUnanswered(const journey::Contact& contact, size_t index, Pendings& pendings);
  void PeakUnanswered(const journey::Contact& contact, size_t index, Pendings& pendings);
  void Repeated(const journey::Contact& contact, size_t index, Pendings& pendings);
  void Returned(const journey::Contact& contact, size_t index, Pendings& pendings);
  void Promised(const journey::Contact& contact, size_t index, Pendings& pendings);
  std::optional<int64_t> Adequate(journey::Cause cause, const journey::Contact& contact) const;
  const journey::BusinessHours* HoursOf(const journey::Contact& contact) const;

  const Scene& scene_;
  std::array<std::optional<Pendings>, kTriggers - kFirstCondition> pendings_;
};

// True when an event names what RulePolicy.only asks for.
bool NamesScope(const journey::EventFacts& facts);

// Conditions that an event may begin or end.
bool MayTouch(Trigger condition, const Occasion& occasion);

// What `condition` was about, in `contact` and since `since`, has been made good: the
// customer was answered. Promises and follow-ups are made good when nothing is found.
bool AnsweredSince(Trigger condition, const journey::Contact& contact,
                   const journey::EventTime& since);

}  // namespace peakend::alerts

#endif  // PEAKEND_PROCESSORS_ALERTS_CONDITION_H_
