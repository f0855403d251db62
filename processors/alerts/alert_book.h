// The alerts of one customer: raised, recovered, handed over to follow-up, expired.
//
// Life cycle of a live alert, which is OPEN, ACKED (somebody has taken it) or SNOOZED (not now;
// OPEN again when its time has come): -> RESOLVED (what was wrong is made good), -> FOLLOW_UP (the
// contact ended; INFO alerts expire then). FOLLOW_UP -> RESOLVED (somebody reached the customer),
// any -> EXPIRED (the journey ended) and, where somebody says so, RESOLVED. After a recovery the
// rule stays quiet for its cooldown.
//
// An alert that stays OPEN goes to somebody else in time, as its rule says (escalation.h); the
// time runs from when it was raised, or a snooze ended, by the partition's clock.
//
// An alert about something that nobody did is raised when it is due, even after its
// journey has ended: a promise outlives the silence that ends a journey.
//
// An alert of a rule that the policy does not have is asleep: nothing happens to it until a policy
// has a rule of its name again, which then knows what it has told already.
//
// Bounded: of alerts whose life is over the newest per rule and journey is kept, and of those
// asleep the newest kMostAsleep; where several customers are looked at as one, per journey of each
// alone: who leaves takes theirs along.
//
// An alert belongs to the journey that holds the contact it was raised in, so it
// follows that contact when journeys are joined or split.
//
// Decisions are values: each change is handed out as a Transition, nothing is
// written here. Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_ALERTS_ALERT_BOOK_H_
#define PEAKEND_PROCESSORS_ALERTS_ALERT_BOOK_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/functional/function_ref.h"
#include "peakend/v1/alert.pb.h"
#include "peakend/v1/customer_state.pb.h"
#include "processors/alerts/condition.h"
#include "processors/alerts/rule.h"
#include "processors/alerts/scene.h"
#include "processors/alerts/watch.h"
#include "processors/journey/calendars.h"
#include "processors/journey/cause.h"
#include "processors/journey/contact_set.h"
#include "processors/journey/identifier.h"
#include "processors/journey/partition_clock.h"
#include "processors/journey/record_bytes.h"

namespace peakend::alerts {

// Why an alert changed; also the text of Alert.reason.
enum class Reason : uint8_t {
  kRaised,
  kRecovered,
  kContactEnded,
  kJourneyEnded,
  kFollowedUp,
  kEscalated,     // nobody took it in time
  kAcknowledged,  // somebody has taken it
  kSnoozed,       // not now, somebody says
  kSnoozeEnded,   // now it is
  kResolved,      // somebody says that it is done
  kMerged,        // the contacts of the customer are looked at with those of another, here
  kSplit,         // and no more
  kRuleRemoved,
};
std::string_view ReasonName(Reason reason);

struct Alert {
  explicit Alert(std::pmr::memory_resource* memory)
      : contact_id(memory), trigger_event_id(memory), actor_id(memory) {}

  journey::Identifier id;
  journey::Identifier journey_id;  // when it was raised; part of its dedupe key
  uint16_t rule = 0;               // index into Rules
  v1::Alert::State state = v1::Alert::OPEN;
  int64_t row_version = 1;
  journey::EventTime raised;         // the event that raised it, or that a condition counts from
  std::optional<int64_t> due_at_ms;  // of a condition: when it began
  bool stale = false;                // found too late to interrupt anybody
  bool over_budget = false;          // enough have interrupted
  affect::Nano value = 0;            // what the rule saw then
  journey::Cause cause = journey::Cause::kTurn;  // of what the event did
  int64_t updated_at_ms = 0;
  int64_t follow_up_due_at_ms = 0;
  int64_t quiet_until_ms = 0;
  int64_t escalate_at_ms = 0;      // of an OPEN one: when it goes to somebody else; 0 = it stays
  uint32_t escalations = 0;        // how often it did
  int64_t snoozed_until_ms = 0;    // last; 0 = never
  int64_t acknowledged_at_ms = 0;  // first; 0 = never
  std::pmr::string contact_id;
  // v1::Channel of its contact: those without an id are told apart by it. Nothing in alerts
  // of an older record.
  std::optional<int> channel;
  std::pmr::string trigger_event_id;
  std::pmr::string actor_id;  // who did something with it last
  std::optional<bool> was_actionable;

  // Its contact goes on, as far as is known.
  bool live() const {
    return state == v1::Alert::OPEN || state == v1::Alert::ACKED || state == v1::Alert::SNOOZED;
  }
  bool active() const { return live() || state == v1::Alert::FOLLOW_UP; }
  int64_t OccurredMs() const { return due_at_ms.value_or(raised.at_ms); }
  // To another state, as its next version; it goes to nobody else by itself any more.
  void Move(v1::Alert::State to, int64_t at_ms);
};

// Whether an alert of `rule` interrupts somebody if the budget allows.
bool WouldInterrupt(const Rule& rule, const Alert& alert);

// Follows from journey, rule and the event that raised it.
journey::Identifier AlertId(const Alert& alert, const Rules& rules);

// One revision of an alert. Points into the book; valid until it changes again.
struct Transition {
  const Alert* alert = nullptr;
  Reason reason = Reason::kRaised;
  size_t contact = 0;  // index of the contact concerned
};
using Transitions = absl::InlinedVector<Transition, 4>;

// What a look at a customer's alerts came to.
struct Judged {
  Transitions transitions;
  // When a condition begins, a snooze ends or an alert escalates next; kEndOfTime = none will by
  // itself.
  int64_t next_due_ms = journey::PartitionClock::kEndOfTime;
};

class AlertBook {
 public:
  using Records = google::protobuf::RepeatedPtrField<v1::CustomerState::Alert>;

  explicit AlertBook(std::pmr::memory_resource* memory)
      : alerts_(memory), asleep_(memory), memory_(memory) {}
  static constexpr size_t kMostAsleep = 64;

  // The alerts that Save wrote; those of rules that are not in `rules` are asleep.
  // REQUIRES: the records were checked.
  AlertBook(const Records& records, const Rules& rules, std::pmr::memory_resource* memory);
  // As `field` of the message that is being written. REQUIRES: the alerts were raised under
  // `rules`.
  void Save(const Rules& rules, int field, journey::RecordBytes& record) const;

  // Judges an event just applied. `next_due_ms` regards the conditions that it touches.
  Judged OnEvent(const Rules& rules, const Occasion& occasion);
  // Judges all conditions of a journey, ends snoozes, and lets go to others what nobody has taken.
  Judged OnTime(const Rules& rules, const Scene& scene);
  // What somebody did with an alert of `journey`; nothing when it is none, or it is over.
  Transitions OnAction(const Rules& rules, const journey::EventFacts& facts,
                       const journey::ContactSet& contacts, const journey::JourneySpan& journey);
  // Moves the live alerts of contact `index` that were raised by `ended_at_ms`, when it
  // ended, to follow-up, which is due within the open hours of its queue.
  Transitions OnContactEnded(const Rules& rules, const journey::Calendars& calendars,
                             const journey::ContactSet& contacts, size_t index,
                             int64_t ended_at_ms);
  // Expires what was raised by `ended_at_ms` and is still active in `journey`, which
  // ended then.
  Transitions OnJourneyEnded(const journey::ContactSet& contacts,
                             const journey::JourneySpan& journey, int64_t ended_at_ms);
  // Until when alerts that were raised after the end of `journey` are kept for somebody
  // to act; 0 when there are none.
  int64_t KeptUntilMs(const Rules& rules, const journey::Calendars& calendars,
                      const journey::ContactSet& contacts, const journey::JourneySpan& journey,
                      int64_t ended_at_ms) const;
  // Forgets the alerts of a journey that is about to be dropped.
  void Drop(const journey::ContactSet& contacts, const journey::JourneySpan& journey);

  // Takes away those for which `goes` holds, as they are.
  AlertBook Take(absl::FunctionRef<bool(const Alert&)> goes);
  // Adds alerts that were raised elsewhere, behind those that are here.
  void Add(const AlertBook& arrived);
  // Those for which `moved` holds and that are active in `journey` are told once more, as the
  // next version.
  Transitions Repoint(Reason reason, absl::FunctionRef<bool(const Alert&)> moved,
                      const journey::ContactSet& contacts, const journey::JourneySpan& journey);
  // Resolves what is active in `journey` and was raised by a rule of `rules` whose name is not in
  // `next`, the rules that are about to count.
  Transitions OnRulesReplaced(const Rules& rules, const Rules& next, int64_t now_ms,
                              const journey::ContactSet& contacts,
                              const journey::JourneySpan& journey);
  // Null when it is not here, or asleep.
  const Alert* Find(const journey::Identifier& id) const;

  // Those asleep do not count.
  bool empty() const { return alerts_.empty(); }
  size_t size() const { return alerts_.size(); }
  // Whether one is SNOOZED.
  bool snoozes() const;

 private:
  struct Asleep {
    explicit Asleep(std::pmr::memory_resource* memory) : alert(memory), rule(memory) {}

    Alert alert;
    std::pmr::string rule;  // its name
  };

  // Changes as indices: pointers are taken once nothing is added any more.
  struct Change {
    size_t alert = 0;
    Reason reason = Reason::kRaised;
    size_t contact = 0;
  };
  using Changes = absl::InlinedVector<Change, 4>;

  // The alert of the rule in the journey: one that is active, else the newest; null = none. There
  // are several where journeys were joined, or one came with another customer's part.
  Alert* FindKnown(uint16_t rule, const Scene& scene);
  // The place after which findings of a rule count: what has had its alert gets no second one,
  // and a journey that has ended is over. Nothing = all count.
  std::optional<FindingPlace> StartOf(uint16_t rule, const Scene& scene) const;
  void JudgeEvent(const Rules& rules, uint16_t rule, const Occasion& occasion,
                  const Watched& watched, Changes& changes);
  void JudgeEvents(const Rules& rules, const Occasion& occasion, Changes& changes);
  // Which conditions are to be judged.
  struct Touched {
    std::array<bool, kTriggers> triggers = {};
    bool scoped = false;  // those that are only for some contacts as well

    bool Asks(const Rule& rule) const {
      return triggers[static_cast<size_t>(rule.trigger)] || (scoped && !rule.only.empty());
    }
    // Whether it asks a rule of `trigger`.
    bool MayAsk(Trigger trigger) const { return scoped || triggers[static_cast<size_t>(trigger)]; }
  };
  // When the first condition begins that is asked for; kEndOfTime = none does by itself.
  // REQUIRES: no alerts.
  static int64_t FirstFromMs(const Rules& rules, const Touched& touched, Conditions& conditions);
  void JudgeConditions(const Rules& rules, const Scene& scene, const Touched& touched,
                       Changes& changes, int64_t& next_due_ms);
  void JudgeCondition(const Rules& rules, uint16_t rule, const Scene& scene, Conditions& conditions,
                      Changes& changes, int64_t& next_due_ms);
  std::optional<Finding> FindOverdue(const Rules& rules, const Scene& scene,
                                     absl::Span<const RuleScope> within,
                                     const std::optional<FindingPlace>& after) const;
  // False where it is snoozed like this already, or its contact is over.
  static bool Snooze(Alert& alert, const Rule& rule, const journey::EventFacts& facts);
  void EndSnoozes(const Rules& rules, const Scene& scene, Changes& changes, int64_t& next_due_ms);
  void Escalate(const Rules& rules, const Scene& scene, Changes& changes, int64_t& next_due_ms);
  void NoteFollowUps(const Rules& rules, const Occasion& occasion, Changes& changes);
  void Resolve(Alert& alert, const Rules& rules, int64_t at_ms, Reason reason, size_t contact,
               Changes& changes);
  // `draft` says what the alert is about. REQUIRES: none of its rule is active in the journey.
  void Raise(const Rules& rules, Alert draft, size_t contact, const Scene& scene, Changes& changes);
  // The place for `draft`: that of the newest one of its rule that stays in one journey with it,
  // unless a change of that one is still to be written. Null = a new place.
  Alert* FindReplaced(const Alert& draft, const Scene& scene, const Changes& changes);
  Transitions TransitionsOf(const Changes& changes) const;

  std::pmr::vector<Alert> alerts_;
  std::pmr::vector<Asleep> asleep_;
  std::pmr::memory_resource* memory_;
};

}  // namespace peakend::alerts

#endif  // PEAKEND_PROCESSORS_ALERTS_ALERT_BOOK_H_
