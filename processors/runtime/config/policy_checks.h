// What must hold between the fields of a policy.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_POLICY_CHECKS_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_POLICY_CHECKS_H_

#include "peakend/v1/policy.pb.h"
#include "processors/runtime/config/message_reader.h"

namespace peakend::runtime {

// Windows fit into each other, weights sum to 1, rules and touchpoints have unique names,
// rules leave where they entered. `policy` has its defaults.
void CheckPolicy(const v1::Policy& policy, LoadState& state);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_POLICY_CHECKS_H_
