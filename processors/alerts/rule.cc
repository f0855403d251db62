#include "processors/alerts/rule.h"

#include <algorithm>
#include <array>
#include <utility>

namespace peakend::alerts {
namespace {

using journey::Cause;

struct Traits {
  std::string_view name;
  v1::MomentKind moment;
  Cause cause;  // of a condition
};

constexpr std::array<Traits, kTriggers> kTraits = {{
    {"impression", v1::PEAK_NEGATIVE, Cause::kTurn},
    {"score", v1::END, Cause::kTurn},
    {"abandoned", v1::END, Cause::kAbandoned},
    {"delight", v1::PEAK_POSITIVE, Cause::kTurn},
    {"negative_turns", v1::PEAK_NEGATIVE, Cause::kTurn},
    {"escalation", v1::PEAK_NEGATIVE, Cause::kTurn},
    {"repeat_contact", v1::OPENING, Cause::kRepeatContact},
    {"returning", v1::OPENING, Cause::kReturned},
    {"waiting", v1::OPENING, Cause::kQueueWait},
    {"promise_at_risk", v1::PEAK_NEGATIVE, Cause::kPromiseAtRisk},
    {"promise_broken", v1::PEAK_NEGATIVE, Cause::kPromiseBroken},
    {"message_unanswered", v1::PEAK_NEGATIVE, Cause::kNextResponse},
    {"peak_unanswered", v1::PEAK_NEGATIVE, Cause::kUnanswered},
    {"follow_up_overdue", v1::END, Cause::kFollowedUp},
}};

// Widens `widest`, a rule of the same trigger that waits in the same way.
void Widen(const Rule& rule, Rule& widest) {
  widest.enter = rule.trigger == Trigger::kDelight ? std::min(widest.enter, rule.enter)
                                                   : std::max(widest.enter, rule.enter);
  widest.exit = std::max(widest.exit, rule.exit);
  widest.min_impressions = std::min(widest.min_impressions, rule.min_impressions);
  widest.share_left = std::max(widest.share_left, rule.share_left);
  widest.negatives = std::min(widest.negatives, rule.negatives);
  widest.turns = std::max(widest.turns, rule.turns);
  widest.count = std::min(widest.count, rule.count);
  widest.unrecovered_only = widest.unrecovered_only && rule.unrecovered_only;
  widest.only.clear();
  if (rule.after_ms) widest.after_ms = std::min(*widest.after_ms, *rule.after_ms);
}

}  // namespace

std::string_view TriggerName(Trigger trigger) { return kTraits[static_cast<size_t>(trigger)].name; }

std::optional<Trigger> TriggerNamed(std::string_view name) {
  for (size_t i = 0; i < kTraits.size(); ++i) {
    if (kTraits[i].name == name) return static_cast<Trigger>(i);
  }
  return std::nullopt;
}

v1::MomentKind MomentOf(Trigger trigger) { return kTraits[static_cast<size_t>(trigger)].moment; }

Cause CauseOf(Trigger condition) { return kTraits[static_cast<size_t>(condition)].cause; }

Rules::Rules(std::vector<Rule> rules) : rules_(std::move(rules)) {
  for (size_t i = 0; i < rules_.size(); ++i) {
    const Trigger trigger = rules_[i].trigger;
    (IsCondition(trigger) ? conditions_ : of_events_).push_back(static_cast<uint16_t>(i));
    if (IsCondition(trigger) && !rules_[i].only.empty()) scoped_conditions_ = true;
    std::vector<Rule>& widest = widest_[static_cast<size_t>(trigger)];
    const auto waits_alike = [&](const Rule& wide) {
      return wide.after_ms.has_value() == rules_[i].after_ms.has_value();
    };
    const auto wide = std::find_if(widest.begin(), widest.end(), waits_alike);
    if (wide == widest.end()) {
      widest.push_back(rules_[i]);
    } else {
      Widen(rules_[i], *wide);
    }
  }
}

}  // namespace peakend::alerts
