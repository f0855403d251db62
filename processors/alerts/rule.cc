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

// Widens `widest`, a rule of the same trigger.
void Widen(const Rule& rule, Rule& widest) {
  widest.enter = rule.trigger == Trigger::kDelight ? std::min(widest.enter, rule.enter)
                                                   : std::max(widest.enter, rule.enter);
  widest.exit = std::max(widest.exit, rule.exit);
  widest.min_impressions = std::min(widest.min_impressions, rule.min_impressions);
  widest.negatives = std::min(widest.negatives, rule.negatives);
  widest.turns = std::max(widest.turns, rule.turns);
  widest.only.clear();
}

// True when `first` finds whatever `other`, of the same condition and scope, does, and no later.
bool BeginsFirst(const Rule& first, const Rule& other) {
  return first.only == other.only && first.after_ms.has_value() == other.after_ms.has_value() &&
         first.after_ms <= other.after_ms && first.enter >= other.enter &&
         first.share_left >= other.share_left && first.count <= other.count &&
         (!first.unrecovered_only || other.unrecovered_only);
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
    const auto index = static_cast<uint16_t>(i);
    escalate_ = escalate_ || !rules_[i].escalations.empty();
    if (IsCondition(rules_[i].trigger)) {
      AddCondition(index);
    } else {
      of_events_.push_back(index);
      AddEventRule(rules_[i]);
    }
  }
}

void Rules::AddEventRule(const Rule& rule) {
  const auto wide =
      std::find_if(widest_of_events_.begin(), widest_of_events_.end(),
                   [&](const Rule& widest) { return widest.trigger == rule.trigger; });
  if (wide != widest_of_events_.end()) return Widen(rule, *wide);
  widest_of_events_.push_back(rule);
  widest_of_events_.back().only.clear();
}

void Rules::AddCondition(uint16_t index) {
  const Rule& rule = rules_[index];
  conditions_.push_back(index);
  if (!rule.only.empty()) scoped_conditions_ = true;
  std::vector<uint16_t>& earliest = earliest_[static_cast<size_t>(rule.trigger)];
  if (std::any_of(earliest.begin(), earliest.end(),
                  [&](uint16_t other) { return BeginsFirst(rules_[other], rule); })) {
    return;
  }
  std::erase_if(earliest, [&](uint16_t other) { return BeginsFirst(rule, rules_[other]); });
  earliest.push_back(index);
}

}  // namespace peakend::alerts
