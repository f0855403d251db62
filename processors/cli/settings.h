// Configuration and policy in the form that a run takes them.
#ifndef PEAKEND_PROCESSORS_CLI_SETTINGS_H_
#define PEAKEND_PROCESSORS_CLI_SETTINGS_H_

#include <optional>
#include <string>

#include "peakend/v1/config.pb.h"
#include "processors/cli/command.h"
#include "processors/publish/policy.h"

namespace peakend::cli {

// The configuration that --config, -X and the environment make. Nothing after an
// error, which was printed; the exit code is then kConfigError.
std::optional<v1::Config> LoadSettings(Invocation& call);

// The same for a policy; an empty `file` is the built-in default policy.
std::optional<publish::Policy> LoadPolicySettings(const std::string& file, Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_SETTINGS_H_
