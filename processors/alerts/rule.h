// When a supervisor should hear of a customer; the compiled form of RulePolicy.
#ifndef PEAKEND_PROCESSORS_ALERTS_RULE_H_
#define PEAKEND_PROCESSORS_ALERTS_RULE_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "peakend/v1/alert.pb.h"
#include "processors/affect/level.h"
#include "processors/alerts/escalation.h"
#include "processors/alerts/rule_scope.h"
#include "processors/journey/cause.h"

namespace peakend::alerts {

// What a rule watches. The first group judges an event as it comes; the second holds
// from some time on, as long as nothing ends it.
enum class Trigger : uint8_t {
  kImpression,
  kScore,
  kAbandoned,
  kDelight,
  kNegativeTurns,
  kEscalation,
  // Conditions.
  kRepeatContact,
  kReturning,
  kWaiting,
  kPromiseAtRisk,
  kPromiseBroken,
  kMessageUnanswered,
  kPeakUnanswered,
  kFollowUpOverdue,
};
inline constexpr size_t kTriggers = 14;
// Conditions are those from here on.
inline constexpr size_t kFirstCondition = static_cast<size_t>(Trigger::kRepeatContact);
inline constexpr bool IsCondition(Trigger trigger) {
  return static_cast<size_t>(trigger) >= kFirstCondition;
}

// A value that rises above `exit` resolves its alerts.
inline constexpr bool Recovers(Trigger trigger) {
  return trigger == Trigger::kImpression || trigger == Trigger::kScore ||
         trigger == Trigger::kNegativeTurns;
}

// As in RulePolicy.on.
std::string_view TriggerName(Trigger trigger);
std::optional<Trigger> TriggerNamed(std::string_view name);
// The moment that alerts of a rule are about.
v1::MomentKind MomentOf(Trigger trigger);
// What the alerts of a condition name as their cause.
journey::Cause CauseOf(Trigger condition);

// Invariant: enter <= exit (hysteresis).
struct Rule {
  std::string name;
  Trigger trigger = Trigger::kScore;
  affect::Nano enter = -400'000'000;
  affect::Nano exit = -200'000'000;
  v1::Alert::Severity severity = v1::Alert::WARNING;
  v1::Alert::Urgency urgency = v1::Alert::LIST;
  int64_t cooldown_ms = 5 * 60'000;
  int64_t follow_up_within_ms = 86'400'000;
  size_t min_impressions = 1;
  // Of a condition that waits: for how long; nothing = what customers expect.
  std::optional<int64_t> after_ms;
  affect::Nano share_left = 200'000'000;  // of kPromiseAtRisk: share of its time
  // Of kNegativeTurns: how many of how many latest turns.
  size_t negatives = 2;
  size_t turns = 3;
  int64_t count = 1;             // of kRepeatContact: earlier contacts
  bool unrecovered_only = true;  // of kReturning: nothing was made good after the peak
  std::vector<RuleScope> only;   // where it raises; empty = in every contact
  std::vector<std::string> recipients;
  std::vector<Escalation> escalations;  // in the order of time; empty = alerts stay with those
  int64_t snooze_ms = 30 * 60'000;      // of an alert, where nobody says until when
  // A condition that is found, or a snooze that ends, this late is listed, never an interrupt.
  int64_t stale_after_ms = 10 * 60'000;

  v1::MomentKind moment_kind() const { return MomentOf(trigger); }
  // Who has an alert after so many escalations; those of the last one after more.
  const std::vector<std::string>& RecipientsAfter(size_t escalated) const {
    if (escalated == 0 || escalations.empty()) return recipients;
    return escalations[std::min(escalated, escalations.size()) - 1].recipients;
  }
};

// Rules of one policy; alerts name theirs by a 16-bit index.
inline constexpr size_t kMaxRules = 1000;

// The rules in order, and apart those that judge events and the conditions. Immutable
// once it is built.
class Rules {
 public:
  Rules() = default;
  explicit Rules(std::vector<Rule> rules);
  Rules(std::initializer_list<Rule> rules) : Rules(std::vector<Rule>(rules)) {}

  const Rule& operator[](size_t i) const { return rules_[i]; }
  size_t size() const { return rules_.size(); }
  bool empty() const { return rules_.empty(); }
  auto begin() const { return rules_.begin(); }
  auto end() const { return rules_.end(); }
  // Indices in order.
  absl::Span<const uint16_t> of_events() const { return of_events_; }
  absl::Span<const uint16_t> conditions() const { return conditions_; }
  // A condition is only for some contacts.
  bool scoped_conditions() const { return scoped_conditions_; }
  // The alerts of a rule go to somebody else in time.
  bool escalate() const { return escalate_; }
  // One for each kind of rule that judges events: what they let pass, all do.
  absl::Span<const Rule> widest_of_events() const { return widest_of_events_; }
  // Of the rules of a condition those before which none begins: whatever another one finds,
  // one of these with the same scope finds no later.
  absl::Span<const uint16_t> Earliest(Trigger condition) const {
    return earliest_[static_cast<size_t>(condition)];
  }

 private:
  void AddEventRule(const Rule& rule);
  void AddCondition(uint16_t index);

  std::vector<Rule> rules_;
  std::vector<uint16_t> of_events_;
  std::vector<uint16_t> conditions_;
  bool scoped_conditions_ = false;
  bool escalate_ = false;
  std::vector<Rule> widest_of_events_;
  std::array<std::vector<uint16_t>, kTriggers> earliest_;
};

}  // namespace peakend::alerts

#endif  // PEAKEND_PROCESSORS_ALERTS_RULE_H_
