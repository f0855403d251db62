// What must hold of the identities that a policy links customers by.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_IDENTITY_CHECKS_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_IDENTITY_CHECKS_H_

#include "peakend/v1/policy.pb.h"
#include "processors/runtime/config/message_reader.h"

namespace peakend::runtime {

// There are not too many, none stands there twice, and each says how many customers may
// share it, except for those that name one. `policy` has its defaults.
void CheckIdentities(const v1::Policy& policy, LoadState& state);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_IDENTITY_CHECKS_H_
