// What can be loaded and surely is not meant: rules that never raise, rows that an earlier one
// hides, fields that nothing looks at. All of it is a warning.
//
// Bounds: rows are compared pairwise within one list, so with at most 1,000 rows each (more
// are not read) some million comparisons of short texts.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_POLICY_LINTS_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_POLICY_LINTS_H_

#include "peakend/v1/policy.pb.h"
#include "processors/runtime/config/message_reader.h"

namespace peakend::runtime {

// All of the below. `policy` has its defaults and is not completed: its rows are those that
// somebody wrote.
void LintPolicy(const v1::Policy& policy, LoadState& state);

// Rules by themselves and beside each other: rule_lints.cc.
void LintRules(const v1::Policy& policy, LoadState& state);
// `only` of one rule: scope_lints.cc.
void LintScopes(const v1::Policy& policy, int rule, LoadState& state);
// Openings and expectations that nobody reaches: order_lints.cc.
void LintOrder(const v1::Policy& policy, LoadState& state);
// Phrases that stand twice, and names in braces that nothing fills in: text_lints.cc.
void LintTexts(const v1::Policy& policy, LoadState& state);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_POLICY_LINTS_H_
