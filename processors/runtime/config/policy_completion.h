// The rows that a policy leaves out.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_POLICY_COMPLETION_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_POLICY_COMPLETION_H_

#include "peakend/v1/policy.pb.h"

namespace peakend::runtime {

// Adds what moments::Experience::Default() says about causes and expectations that
// `policy` does not name, so that everything that counts is shown, and is in the
// digest. What was written stays, and a completed policy stays as it is.
void CompletePolicy(v1::Policy& policy);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_POLICY_COMPLETION_H_
