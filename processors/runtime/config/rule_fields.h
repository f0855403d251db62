// Which fields of a rule its trigger looks at.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_RULE_FIELDS_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_RULE_FIELDS_H_

#include <string_view>

#include "processors/alerts/rule.h"

namespace peakend::runtime {

// False for a field of RulePolicy that changes nothing in a rule on `trigger`.
bool UsesField(alerts::Trigger trigger, std::string_view field);

// What the event did narrows the rule: RuleScope.cause.
bool JudgesCause(alerts::Trigger trigger);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_RULE_FIELDS_H_
