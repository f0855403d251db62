// The rules of a policy in the form that alerts are judged by.
//
// Thread-safety: a pure function.
#ifndef PEAKEND_PROCESSORS_PUBLISH_POLICY_RULES_H_
#define PEAKEND_PROCESSORS_PUBLISH_POLICY_RULES_H_

#include "absl/status/statusor.h"
#include "peakend/v1/policy.pb.h"
#include "processors/alerts/rule.h"

namespace peakend::publish {

// Errors: InvalidArgument names the first broken invariant between fields.
absl::StatusOr<alerts::Rules> CompileRules(const v1::Policy& policy);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_POLICY_RULES_H_
