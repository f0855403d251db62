#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/alerts/rule.h"
#include "processors/runtime/config/field_rules.h"
#include "processors/runtime/config/policy_lints.h"
#include "processors/runtime/config/rule_fields.h"

namespace peakend::runtime {
namespace {

using alerts::Trigger;

class RuleLint {
 public:
  RuleLint(const v1::Policy& policy, LoadState& state) : policy_(policy), state_(state) {}

  void Lint(int index);

 private:
  Origin PlaceOf(const std::string& field) const {
    return WrittenOrigin(state_.origins, {absl::StrCat(path_, ".", field), path_ + ".on", path_});
  }
  // Says that the rule at hand cannot raise.
  void Never(const std::string& field, const std::string& why) {
    state_.problems.Warning(PlaceOf(field), {"PE0054", absl::StrCat("rule ", Quoted(rule_->name()),
                                                                    " never raises: ", why)});
  }
  void FieldsWithoutEffect(Trigger trigger);
  void Threshold(Trigger trigger);
  void WhatItNeeds(Trigger trigger);
  void Likeness(const std::string& first);

  const v1::Policy& policy_;
  LoadState& state_;
  const v1::RulePolicy* rule_ = nullptr;  // at hand
  std::string path_;
  std::map<std::string, int> first_of_;  // by what the rule does
};

void RuleLint::FieldsWithoutEffect(Trigger trigger) {
  for (const auto* field : WrittenFields(*v1::RulePolicy::descriptor())) {
    if (UsesField(trigger, field->name())) continue;
    const Origin origin = WrittenOrigin(state_.origins, {absl::StrCat(path_, ".", field->name())});
    if (origin.kind != Origin::Kind::kFile) continue;
    std::vector<std::string> users;
    for (size_t i = 0; i < alerts::kTriggers; ++i) {
      const auto each = static_cast<Trigger>(i);
      if (UsesField(each, field->name())) users.emplace_back(alerts::TriggerName(each));
    }
    state_.problems.Warning(
        origin,
        {"PE0056",
         absl::StrCat("`", field->name(), "` has no effect in a rule on ", Quoted(rule_->on())),
         absl::StrCat("rules on these have it: ", absl::StrJoin(users, ", "))});
  }
}

void RuleLint::Threshold(Trigger trigger) {
  if (!UsesField(trigger, "enter")) return;
  if (trigger == Trigger::kDelight) {
    if (rule_->enter() >= 1) Never("enter", "nothing is better than 1");
  } else if (rule_->enter() <= -1) {
    Never("enter", "nothing is worse than -1");
  }
}

void RuleLint::WhatItNeeds(Trigger trigger) {
  const auto& phrases = policy_.phrases();
  if (trigger == Trigger::kEscalation &&
      std::none_of(phrases.begin(), phrases.end(),
                   [](const v1::PhrasePolicy& row) { return row.class_() == "escalation"; })) {
    Never("on", "the policy has no `phrases` of the class `escalation`");
  }
  const google::protobuf::Duration& window = policy_.windows().repeat_window();
  if (trigger == Trigger::kRepeatContact && window.seconds() == 0 && window.nanos() == 0) {
    Never("on", "`windows.repeat_window` is 0");
  }
  if (trigger == Trigger::kNegativeTurns && rule_->negatives() > policy_.moments().tail_max()) {
    Never("negatives", absl::StrCat("only `moments.tail_max` (", policy_.moments().tail_max(),
                                    ") turns are looked at"));
  }
  if (trigger == Trigger::kPromiseAtRisk && rule_->share_left() == 0) {
    state_.problems.Warning(
        PlaceOf("share_left"),
        {"PE0061", "with `share_left` 0 the rule raises when the promise is broken already",
         "write a share such as 0.2, or a rule on `promise_broken`"});
  }
}

void RuleLint::Likeness(const std::string& first) {
  state_.problems.Warning(
      PlaceOf("name"),
      {"PE0057",
       absl::StrCat("rules ", Quoted(first), " and ", Quoted(rule_->name()),
                    " raise at the same time"),
       "they have one trigger, one set of thresholds and one `only`; each moment is told twice"});
}

void RuleLint::Lint(int index) {
  rule_ = &policy_.rules(index);
  path_ = absl::StrCat("rules[", index, "]");
  const std::optional<Trigger> trigger = alerts::TriggerNamed(rule_->on());
  if (!trigger) return;  // an error already
  FieldsWithoutEffect(*trigger);
  Threshold(*trigger);
  WhatItNeeds(*trigger);
  const auto [first, added] = first_of_.emplace(RuleSubstance(*rule_), index);
  // Two of one name are an error already.
  if (!added && policy_.rules(first->second).name() != rule_->name()) {
    Likeness(policy_.rules(first->second).name());
  }
}

}  // namespace

void LintRules(const v1::Policy& policy, LoadState& state) {
  RuleLint lint(policy, state);
  for (int i = 0; i < policy.rules_size(); ++i) lint.Lint(i);
}

}  // namespace peakend::runtime
