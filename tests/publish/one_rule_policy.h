// A policy of one rule, for tests of single steps: alert on an impression of -0.75 or worse,
// which has recovered at 0.
#ifndef PEAKEND_TESTS_PUBLISH_ONE_RULE_POLICY_H_
#define PEAKEND_TESTS_PUBLISH_ONE_RULE_POLICY_H_

#include "processors/publish/policy.h"

namespace peakend::publish {

inline Policy OneRulePolicy() {
  Policy policy;
  policy.stamp = "test@1+00000000";
  policy.formula = "experience";
  alerts::Rule rule;
  rule.name = "negative_peak";
  rule.trigger = alerts::Trigger::kImpression;
  rule.enter = -750'000'000;
  rule.exit = 0;
  policy.rules = {rule};
  return policy;
}

}  // namespace peakend::publish

#endif  // PEAKEND_TESTS_PUBLISH_ONE_RULE_POLICY_H_
