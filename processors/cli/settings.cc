#include "processors/cli/settings.h"

#include <ostream>
#include <utility>

#include "absl/status/statusor.h"
#include "processors/cli/loaded_config.h"
#include "processors/runtime/config/policy_version.h"

namespace peakend::cli {

std::optional<v1::Config> LoadSettings(Invocation& call) {
  std::optional<LoadedConfig> loaded = LoadCallConfig(call);
  if (!loaded) return std::nullopt;
  return std::move(loaded->config);
}

std::optional<publish::Policy> LoadPolicySettings(const std::string& file, Invocation& call) {
  const std::optional<LoadedPolicy> loaded = LoadCallPolicy(file, call);
  if (!loaded) return std::nullopt;
  const v1::Policy& policy = loaded->policy;
  absl::StatusOr<publish::Policy> compiled =
      publish::CompilePolicy(policy, runtime::PolicyVersionStamp(policy));
  if (!compiled.ok()) {
    *call.err << "error: policy `" << policy.name() << "`: " << compiled.status().message() << "\n";
    return std::nullopt;
  }
  return *std::move(compiled);
}

}  // namespace peakend::cli
