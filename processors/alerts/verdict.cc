#include "processors/alerts/verdict.h"

namespace peakend::alerts {
namespace {

using affect::Nano;
using journey::Contact;
using journey::FactKind;

Verdict JudgeValue(const Rule& rule, Nano value, bool newest) {
  if (value < rule.enter) return Verdict::kRaise;
  return newest && value > rule.exit ? Verdict::kRecover : Verdict::kNothing;
}

Verdict JudgeAbandoned(const Occasion& occasion) {
  const Contact& contact = occasion.scene.contacts.contacts()[occasion.contact];
  if (occasion.facts.kind == FactKind::kAbandoned) {
    return contact.IsShortAbandon(occasion.scene.windows) ? Verdict::kNothing : Verdict::kRaise;
  }
  return occasion.facts.kind == FactKind::kAnswer ? Verdict::kRecover : Verdict::kNothing;
}

// Several bad turns in a row count when the newest of them is one.
Verdict JudgeTurns(const Rule& rule, const Occasion& occasion, const Watched& watched) {
  if (!occasion.facts.affect || !watched.impression_is_newest) return Verdict::kNothing;
  if (*watched.impression > rule.exit) return Verdict::kRecover;
  const bool bad = *watched.impression < rule.enter &&
                   NegativeTurns(occasion, rule.turns, rule.enter) >= rule.negatives;
  return bad ? Verdict::kRaise : Verdict::kNothing;
}

Verdict JudgeEvent(const Rule& rule, const Occasion& occasion, const Watched& watched) {
  if (rule.trigger == Trigger::kAbandoned) return JudgeAbandoned(occasion);
  if (rule.trigger == Trigger::kEscalation) {
    return occasion.facts.escalates ? Verdict::kRaise : Verdict::kNothing;
  }
  const std::optional<Nano> value = ValueFor(rule, watched);
  if (!value) return Verdict::kNothing;
  switch (rule.trigger) {
    case Trigger::kDelight:
      return *value > rule.enter ? Verdict::kRaise : Verdict::kNothing;
    case Trigger::kNegativeTurns:
      return JudgeTurns(rule, occasion, watched);
    default:
      return JudgeValue(rule, *value, watched.impression_is_newest);
  }
}

}  // namespace

std::optional<Nano> ValueFor(const Rule& rule, const Watched& watched) {
  if (watched.count < static_cast<int64_t>(rule.min_impressions)) return std::nullopt;
  return rule.trigger == Trigger::kScore ? watched.score : watched.impression;
}

Verdict Judge(const Rule& rule, const Occasion& occasion, const Watched& watched) {
  const Verdict verdict = JudgeEvent(rule, occasion, watched);
  if (verdict != Verdict::kRaise || rule.only.empty()) return verdict;
  std::optional<journey::Cause> cause;
  if (rule.trigger == Trigger::kEscalation) {
    cause = journey::Cause::kTurn;
  } else if (rule.trigger != Trigger::kAbandoned) {
    cause = watched.cause;
  }
  const Contact& contact = occasion.scene.contacts.contacts()[occasion.contact];
  return IsWithin(rule.only, contact, &occasion.facts, cause) ? verdict : Verdict::kNothing;
}

}  // namespace peakend::alerts
