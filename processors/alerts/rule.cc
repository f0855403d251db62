#include "processors/alerts/rule.h"

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
    {"repeat_contact", v1::OPENING, Cause::kRepeatContact},
    {"waiting", v1::OPENING, Cause::kQueueWait},
    {"promise_at_risk", v1::PEAK_NEGATIVE, Cause::kPromiseAtRisk},
    {"promise_broken", v1::PEAK_NEGATIVE, Cause::kPromiseBroken},
    {"message_unanswered", v1::PEAK_NEGATIVE, Cause::kNextResponse},
    {"peak_unanswered", v1::PEAK_NEGATIVE, Cause::kUnanswered},
    {"follow_up_overdue", v1::END, Cause::kFollowedUp},
}};

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
  }
}

}  // namespace peakend::alerts
