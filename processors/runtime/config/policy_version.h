// Which policy made an output: its name, version and content in one short text.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_POLICY_VERSION_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_POLICY_VERSION_H_

#include <string>

#include "peakend/v1/policy.pb.h"

namespace peakend::runtime {

// 16 hex digits: XXH3-64 of the deterministic serialisation. Two policies that
// differ in any value differ here; comments and order in the file do not count.
std::string PolicyDigest(const v1::Policy& policy);

// name@version+digest, with the digest's first 8 digits: "default@1+0123abcd".
std::string PolicyVersionStamp(const v1::Policy& policy);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_POLICY_VERSION_H_
