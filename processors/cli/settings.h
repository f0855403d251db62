// Configuration and policy of one call, loaded and checked, or everything that is
// wrong with them on the error stream.
#ifndef PEAKEND_PROCESSORS_CLI_SETTINGS_H_
#define PEAKEND_PROCESSORS_CLI_SETTINGS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "peakend/v1/config.pb.h"
#include "peakend/v1/policy.pb.h"
#include "processors/cli/command.h"
#include "processors/publish/policy.h"

namespace peakend::cli {

// A whole file, at most the size that a configuration may have. Errors: NotFound
// and PermissionDenied in the system's words, ResourceExhausted = too large.
absl::StatusOr<std::string> ReadSettingsFile(const std::string& path);

// The configuration that --config, -X and the environment make. Nothing after an
// error, which was printed; the exit code is then kConfigError.
std::optional<v1::Config> LoadSettings(Invocation& call);

// The same for a policy; an empty `file` is the built-in default policy.
std::optional<v1::Policy> LoadPolicyMessage(const std::string& file, Invocation& call);
std::optional<publish::Policy> LoadPolicySettings(const std::string& file, Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_SETTINGS_H_
