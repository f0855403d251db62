// What is new about the rules of a policy.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_RULE_CHANGES_H_
#define PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_RULE_CHANGES_H_

#include <vector>

#include "peakend/v1/policy.pb.h"
#include "processors/runtime/policy_diff/change.h"

namespace peakend::runtime {

// Rules that are gone, in the order of `before`, then what is new or other in the order of
// `after`. A rule under a new name that has the trigger, the thresholds and the contacts of
// one that is gone is the same rule, renamed. The order of rules means nothing.
void CompareRules(const v1::Policy& before, const v1::Policy& after, std::vector<Change>& changes);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_RULE_CHANGES_H_
