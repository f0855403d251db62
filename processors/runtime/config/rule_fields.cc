#include "processors/runtime/config/rule_fields.h"

#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "processors/runtime/config/field_rules.h"

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

std::string RuleSubstance(const v1::RulePolicy& rule) {
  std::set<std::string> scopes;
  for (const v1::RuleScope& scope : rule.only()) scopes.insert(scope.SerializeAsString());
  std::string substance;
  for (const std::string& scope : scopes) absl::StrAppend(&substance, scope.size(), ":", scope);
  const std::optional<Trigger> trigger = alerts::TriggerNamed(rule.on());
  for (const char* name : {"on", "enter", "exit", "min_impressions", "after", "share_left",
                           "negatives", "turns", "repeats", "unrecovered_only"}) {
    if (trigger && !UsesField(*trigger, name)) continue;
    const auto* field = v1::RulePolicy::descriptor()->FindFieldByName(name);
    const bool absent =
        field->has_optional_keyword() && !rule.GetReflection()->HasField(rule, field);
    absl::StrAppend(&substance, "\n", absent ? "" : LeafText(*field, rule));
  }
  return substance;
}

}  // namespace peakend::runtime
