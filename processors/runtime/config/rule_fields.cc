#include "processors/runtime/config/rule_fields.h"

namespace peakend::runtime {

using alerts::Trigger;

namespace {

bool WatchesImpressions(Trigger trigger) {
  return trigger == Trigger::kImpression || trigger == Trigger::kScore ||
         trigger == Trigger::kDelight || trigger == Trigger::kNegativeTurns;
}

}  // namespace

bool JudgesCause(Trigger trigger) {
  return WatchesImpressions(trigger) || trigger == Trigger::kEscalation;
}

bool UsesField(Trigger trigger, std::string_view field) {
  if (field == "enter") {
    return WatchesImpressions(trigger) || trigger == Trigger::kPeakUnanswered ||
           trigger == Trigger::kReturning;
  }
  if (field == "exit") return alerts::Recovers(trigger);
  if (field == "min_impressions") return WatchesImpressions(trigger);
  if (field == "after") {
    return trigger == Trigger::kWaiting || trigger == Trigger::kMessageUnanswered ||
           trigger == Trigger::kPeakUnanswered;
  }
  if (field == "share_left") return trigger == Trigger::kPromiseAtRisk;
  if (field == "negatives" || field == "turns") return trigger == Trigger::kNegativeTurns;
  if (field == "repeats") return trigger == Trigger::kRepeatContact;
  if (field == "unrecovered_only") return trigger == Trigger::kReturning;
  if (field == "stale_after") return alerts::IsCondition(trigger);
  return true;
}

}  // namespace peakend::runtime
