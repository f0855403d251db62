// The policy that is part of the program: deploy/policies/default.yaml.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_DEFAULT_POLICY_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_DEFAULT_POLICY_H_

#include <string_view>

namespace peakend::runtime {

// Its text, as it stood in the source tree at build time.
std::string_view DefaultPolicyYaml();

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_DEFAULT_POLICY_H_
