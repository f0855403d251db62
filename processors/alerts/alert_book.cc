#include "processors/alerts/alert_book.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "processors/alerts/alert_contact.h"
#include "processors/alerts/verdict.h"
#include "processors/journey/journey_id.h"

namespace peakend::alerts {
namespace {

using journey::Contact;
using journey::ContactSet;
using journey::FactKind;
using journey::JourneySpan;

// That somebody came back stays true.
bool MayBeMadeGood(Trigger condition) {
  return condition != Trigger::kRepeatContact && condition != Trigger::kReturning;
}

// An answer ends a wait; a promise or a follow-up is made good when it is owed no more.
// REQUIRES: MayBeMadeGood(condition).
bool IsMadeGood(Trigger condition, const Contact& contact, const Alert& alert) {
  switch (condition) {
    case Trigger::kWaiting:
    case Trigger::kMessageUnanswered:
    case Trigger::kPeakUnanswered:
      return AnsweredSince(condition, contact, alert.raised);
    default:
      return true;
  }
}

// Whether two alerts of a journey are of one in whatever company their customers are: both of
// one customer, and of one journey of that customer alone.
bool StayTogether(const Alert& alert, const Alert& other, const Scene& scene) {
  if (scene.parts == nullptr || scene.parts->guests().empty()) return true;
  const std::string_view origin = scene.parts->OriginOf(alert.raised.hash);
  if (scene.parts->OriginOf(other.raised.hash) != origin) return false;
  const ContactSet& part = *scene.parts->part(origin);
  for (size_t i = 0; i < part.contacts().size(); ++i) {
    if (!BelongsTo(other, part, i)) continue;
    return ContactOf(alert, part, part.JourneyOf(i, scene.windows)).has_value();
  }
  return false;
}

}  // namespace

bool WouldInterrupt(const Rule& rule, const Alert& alert) {
  return rule.urgency == v1::Alert::INTERRUPT && !alert.stale;
}

journey::Identifier AlertId(const Alert& alert, const Rules& rules) {
  const std::string_view raised_by(reinterpret_cast<const char*>(&alert.raised.hash),
                                   sizeof(alert.raised.hash));
  const std::string journey_id = journey::ToHex(alert.journey_id);
  const std::string& rule = rules[alert.rule].name;
  if (!alert.due_at_ms) return journey::MakeIdentifier({journey_id, rule, raised_by});
  return journey::MakeIdentifier({journey_id, rule, raised_by, std::to_string(*alert.due_at_ms)});
}

std::string_view ReasonName(Reason reason) {
  switch (reason) {
    case Reason::kRaised:
      return "raised";
    case Reason::kRecovered:
      return "recovered";
    case Reason::kContactEnded:
      return "contact_ended";
    case Reason::kJourneyEnded:
      return "journey_ended";
    case Reason::kFollowedUp:
      return "followed_up";
    case Reason::kEscalated:
      return "escalated";
    case Reason::kAcknowledged:
      return "acknowledged";
    case Reason::kSnoozed:
      return "snoozed";
    case Reason::kSnoozeEnded:
      return "snooze_ended";
    case Reason::kResolved:
      return "resolved";
    case Reason::kMerged:
      return "merged";
    case Reason::kSplit:
      return "split";
    case Reason::kRuleRemoved:
      return "rule_removed";
  }
  return "";
}

Alert* AlertBook::FindKnown(uint16_t rule, const Scene& scene) {
  Alert* newest = nullptr;
  for (size_t i = alerts_.size(); i-- > 0;) {
    Alert& alert = alerts_[i];
    if (alert.rule != rule || !ContactOf(alert, scene.contacts, scene.journey)) continue;
    if (alert.active()) return &alert;
    if (newest == nullptr) newest = &alert;
  }
  return newest;
}

std::optional<FindingPlace> AlertBook::StartOf(uint16_t rule, const Scene& scene) const {
  std::optional<FindingPlace> after;
  // Not the newest alone: those that came with another customer's part lie in any order.
  for (const Alert& alert : alerts_) {
    if (alert.rule != rule || !ContactOf(alert, scene.contacts, scene.journey)) continue;
    after = std::max(after, std::optional(FindingPlace{alert.OccurredMs(), alert.raised}));
  }
  const std::optional<int64_t> ended_at_ms = scene.EndedAtMs();
  if (ended_at_ms && (!after || after->from_ms <= *ended_at_ms)) {
    constexpr uint64_t kLast = std::numeric_limits<uint64_t>::max();
    after = FindingPlace{*ended_at_ms, {std::numeric_limits<int64_t>::max(), kLast}};
  }
  return after;
}

Alert* AlertBook::FindReplaced(const Alert& draft, const Scene& scene, const Changes& changes) {
  for (size_t i = alerts_.size(); i-- > 0;) {
    Alert& alert = alerts_[i];
    if (alert.rule != draft.rule || !ContactOf(alert, scene.contacts, scene.journey)) continue;
    if (!StayTogether(alert, draft, scene)) continue;
    const auto of_this = [&](const Change& change) { return change.alert == i; };
    return std::any_of(changes.begin(), changes.end(), of_this) ? nullptr : &alert;
  }
  return nullptr;
}

void AlertBook::Raise(const Rules& rules, Alert draft, size_t contact, const Scene& scene,
                      Changes& changes) {
  draft.journey_id = journey::JourneyId(scene.tenant_id, scene.customer_id, scene.journey.first);
  draft.contact_id = scene.contacts.contacts()[contact].id();
  draft.channel = scene.contacts.contacts()[contact].channel();
  draft.id = AlertId(draft, rules);
  const Rule& rule = rules[draft.rule];
  if (!rule.escalations.empty()) {
    draft.escalate_at_ms = scene.now_ms + rule.escalations.front().after_ms;
  }
  draft.over_budget = WouldInterrupt(rule, draft) && !scene.bar.Admits(rule.severity, draft.id);
  Alert* over = FindReplaced(draft, scene, changes);
  Alert& alert = over != nullptr ? *over : alerts_.emplace_back(memory_);
  alert = std::move(draft);
  changes.push_back({static_cast<size_t>(&alert - alerts_.data()), Reason::kRaised, contact});
}

void AlertBook::Resolve(Alert& alert, const Rules& rules, int64_t at_ms, Reason reason,
                        size_t contact, Changes& changes) {
  alert.Move(v1::Alert::RESOLVED, at_ms);
  alert.quiet_until_ms = at_ms + rules[alert.rule].cooldown_ms;
  changes.push_back({static_cast<size_t>(&alert - alerts_.data()), reason, contact});
}

void AlertBook::JudgeEvent(const Rules& rules, uint16_t rule, const Occasion& occasion,
                           const Watched& watched, Changes& changes) {
  const Verdict verdict = Judge(rules[rule], occasion, watched);
  if (verdict == Verdict::kNothing) return;
  const journey::EventFacts& facts = occasion.facts;
  Alert* known = FindKnown(rule, occasion.scene);
  const bool active = known != nullptr && known->active();
  if (verdict == Verdict::kRecover) {
    // An answer that came before the customer gave up makes nothing good.
    if (active && facts.at_ms >= known->raised.at_ms) {
      Resolve(*known, rules, facts.at_ms, Reason::kRecovered, occasion.contact, changes);
    }
    return;
  }
  if (active || (known != nullptr && facts.at_ms < known->quiet_until_ms)) return;
  Alert draft(memory_);
  draft.rule = rule;
  draft.raised = {facts.at_ms, facts.hash};
  switch (rules[rule].trigger) {
    case Trigger::kAbandoned:
      draft.cause = journey::Cause::kAbandoned;
      break;
    case Trigger::kEscalation:
      if (facts.affect) draft.value = *watched.impression;
      break;
    default:
      draft.value = *ValueFor(rules[rule], watched);
      draft.cause = watched.cause;
  }
  draft.updated_at_ms = facts.at_ms;
  draft.trigger_event_id = facts.event_id;
  Raise(rules, std::move(draft), occasion.contact, occasion.scene, changes);
}

// The first alert whose follow-up is owed, or was.
std::optional<Finding> AlertBook::FindOverdue(const Rules& rules, const Scene& scene,
                                              absl::Span<const RuleScope> within,
                                              const std::optional<FindingPlace>& after) const {
  std::optional<Finding> first;
  for (const Alert& alert : alerts_) {
    if (alert.state != v1::Alert::FOLLOW_UP ||
        rules[alert.rule].trigger == Trigger::kFollowUpOverdue) {
      continue;
    }
    const std::optional<size_t> contact = ContactOf(alert, scene.contacts, scene.journey);
    if (!contact) continue;
    if (!IsWithin(within, scene.contacts.contacts()[*contact], nullptr, std::nullopt)) continue;
    const Finding finding{alert.follow_up_due_at_ms, alert.raised, alert.trigger_event_id, *contact,
                          alert.value};
    if (after && PlaceOf(finding) <= *after) continue;
    if (!first || PlaceOf(finding) < PlaceOf(*first)) first = finding;
  }
  return first;
}

void AlertBook::JudgeCondition(const Rules& rules, uint16_t rule, const Scene& scene,
                               Conditions& conditions, Changes& changes, int64_t& next_due_ms) {
  const Trigger trigger = rules[rule].trigger;
  Alert* known = FindKnown(rule, scene);
  const bool active = known != nullptr && known->active();
  const auto just_resolved = [&](const Change& change) { return &alerts_[change.alert] == known; };
  if (known != nullptr && std::any_of(changes.begin(), changes.end(), just_resolved)) {
    // Its place is taken until the change is written.
    next_due_ms = std::min(next_due_ms, scene.now_ms + 1);
    return;
  }
  // Nothing that happens makes it good, and while it stands there is no other.
  if (active && !MayBeMadeGood(trigger)) return;
  const std::optional<FindingPlace> after = active ? std::nullopt : StartOf(rule, scene);
  // What was raised holds wherever the customer was passed on to.
  const absl::Span<const RuleScope> within =
      active ? absl::Span<const RuleScope>() : rules[rule].only;
  const std::optional<Finding> finding = trigger == Trigger::kFollowUpOverdue
                                             ? FindOverdue(rules, scene, within, after)
                                             : conditions.Find(rules[rule], within, after);
  const bool holds = finding && finding->from_ms <= scene.now_ms;
  if (finding && !holds) next_due_ms = std::min(next_due_ms, finding->from_ms);
  if (active) {
    const size_t contact = *ContactOf(*known, scene.contacts, scene.journey);
    if (!holds && IsMadeGood(trigger, scene.contacts.contacts()[contact], *known)) {
      Resolve(*known, rules, scene.now_ms, Reason::kRecovered, contact, changes);
    }
    return;
  }
  if (!holds) return;
  if (known != nullptr && scene.now_ms < known->quiet_until_ms) {
    next_due_ms = std::min(next_due_ms, known->quiet_until_ms);
    return;
  }
  Alert draft(memory_);
  draft.rule = rule;
  draft.raised = finding->since;
  if (finding->from_ms != finding->since.at_ms) draft.due_at_ms = finding->from_ms;
  draft.stale = scene.clock_ms - finding->from_ms > rules[rule].stale_after_ms;
  draft.value = finding->value;
  draft.cause = CauseOf(trigger);
  draft.updated_at_ms = scene.now_ms;
  draft.trigger_event_id = finding->event_id;
  Raise(rules, std::move(draft), finding->contact, scene, changes);
}

Transitions AlertBook::TransitionsOf(const Changes& changes) const {
  Transitions transitions;
  for (const Change& change : changes) {
    transitions.push_back({&alerts_[change.alert], change.reason, change.contact});
  }
  return transitions;
}

void AlertBook::JudgeEvents(const Rules& rules, const Occasion& occasion, Changes& changes) {
  const Watched watched = Watch(occasion);
  // An alert that is known may recover, be active or be quiet; without any, a rule can
  // only raise, and where the widest of each kind do not, none does.
  const absl::Span<const Rule> widest = rules.widest_of_events();
  if (alerts_.empty() && std::none_of(widest.begin(), widest.end(), [&](const Rule& rule) {
        return Judge(rule, occasion, watched) == Verdict::kRaise;
      })) {
    return;
  }
  for (const uint16_t rule : rules.of_events()) {
    JudgeEvent(rules, rule, occasion, watched, changes);
  }
}

int64_t AlertBook::FirstFromMs(const Rules& rules, const Touched& touched, Conditions& conditions) {
  int64_t first_ms = journey::PartitionClock::kEndOfTime;
  for (size_t t = kFirstCondition; t < kTriggers; ++t) {
    const auto trigger = static_cast<Trigger>(t);
    // Without alerts no follow-up is owed.
    if (trigger == Trigger::kFollowUpOverdue || !touched.MayAsk(trigger)) continue;
    for (const uint16_t index : rules.Earliest(trigger)) {
      const Rule& rule = rules[index];
      if (!touched.Asks(rule)) continue;
      const std::optional<Finding> finding = conditions.Find(rule, rule.only, std::nullopt);
      if (finding) first_ms = std::min(first_ms, finding->from_ms);
    }
  }
  return first_ms;
}

void AlertBook::JudgeConditions(const Rules& rules, const Scene& scene, const Touched& touched,
                                Changes& changes, int64_t& next_due_ms) {
  Conditions conditions(scene);
  // Without alerts a rule can only raise, and the conditions that begin first tell when there
  // is something to raise. Of an ended journey only what begins later counts, and so it is asked
  // rule by rule where one has begun.
  if (alerts_.empty()) {
    const int64_t first_ms = FirstFromMs(rules, touched, conditions);
    if (first_ms > scene.now_ms) {
      next_due_ms = std::min(next_due_ms, first_ms);
      return;
    }
  }
  for (const uint16_t rule : rules.conditions()) {
    if (touched.Asks(rules[rule])) {
      JudgeCondition(rules, rule, scene, conditions, changes, next_due_ms);
    }
  }
}

Judged AlertBook::OnEvent(const Rules& rules, const Occasion& occasion) {
  Judged judged;
  Changes changes;
  const FactKind kind = occasion.facts.kind;
  const bool known = !alerts_.empty();
  // What becomes of a promise is an event of no contact: it ends or begins conditions.
  if (kind != FactKind::kSettlement &&
      (occasion.facts.affect || occasion.facts.escalates || ServiceMayHaveActed(occasion) ||
       kind == FactKind::kAbandoned || (kind == FactKind::kAnswer && known))) {
    JudgeEvents(rules, occasion, changes);
  }
  if (known && kind == FactKind::kAnswer) NoteFollowUps(rules, occasion, changes);
  Touched touched;
  touched.scoped = rules.scoped_conditions() && NamesScope(occasion.facts);
  bool any = touched.scoped;
  for (size_t t = kFirstCondition; t < kTriggers; ++t) {
    const auto trigger = static_cast<Trigger>(t);
    if (rules.Earliest(trigger).empty()) continue;
    touched.triggers[t] = MayTouch(trigger, occasion);
    any = any || touched.triggers[t];
  }
  if (any) JudgeConditions(rules, occasion.scene, touched, changes, judged.next_due_ms);
  for (const Change& change : changes) {
    const int64_t escalate_at_ms = alerts_[change.alert].escalate_at_ms;
    if (escalate_at_ms > 0) judged.next_due_ms = std::min(judged.next_due_ms, escalate_at_ms);
  }
  judged.transitions = TransitionsOf(changes);
  return judged;
}

Judged AlertBook::OnTime(const Rules& rules, const Scene& scene) {
  Judged judged;
  Changes changes;
  Touched all;
  all.triggers.fill(true);
  if (!rules.conditions().empty()) JudgeConditions(rules, scene, all, changes, judged.next_due_ms);
  EndSnoozes(rules, scene, changes, judged.next_due_ms);
  if (rules.escalate()) Escalate(rules, scene, changes, judged.next_due_ms);
  judged.transitions = TransitionsOf(changes);
  return judged;
}

}  // namespace peakend::alerts
