// Which fields of a rule its trigger looks at.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_RULE_FIELDS_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_RULE_FIELDS_H_

#include <string>
#include <string_view>

#include "peakend/v1/policy.pb.h"
#include "processors/alerts/rule.h"

namespace peakend::runtime {

// False for a field of RulePolicy that changes nothing in a rule on `trigger`.
bool UsesField(alerts::Trigger trigger, std::string_view field);

// What the event did narrows the rule: RuleScope.cause.
bool JudgesCause(alerts::Trigger trigger);

// What a rule does but for its name, how bad it is and what it says: two rules with the same
// substance raise at the same time. Rows of `only` count in any order; what the trigger does not
// look at is left out.
std::string RuleSubstance(const v1::RulePolicy& rule);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_RULE_FIELDS_H_
