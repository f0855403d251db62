// The configuration and policy that a call of the program asks for.
//
// Files are read here, at the edge; what is wrong is printed on `err` in full.
#ifndef PEAKEND_PROCESSORS_CLI_LOADED_CONFIG_H_
#define PEAKEND_PROCESSORS_CLI_LOADED_CONFIG_H_

#include <optional>
#include <string>

#include "peakend/v1/config.pb.h"
#include "peakend/v1/policy.pb.h"
#include "processors/cli/invocation.h"
#include "processors/runtime/config/load.h"

namespace peakend::cli {

struct LoadedConfig {
  v1::Config config;
  runtime::Origins origins;
  // Warnings only; already printed.
  std::vector<runtime::Diagnostic> diagnostics;
};

struct LoadedPolicy {
  v1::Policy policy;
  std::vector<runtime::Diagnostic> diagnostics;
};

// From --config, -X and the environment. Nullopt: the errors are on `err`, end
// with kConfigError.
std::optional<LoadedConfig> LoadCallConfig(Invocation& call);

// From `file` (relative to the working directory), or the built-in default
// policy when it is empty. Nullopt as above.
std::optional<LoadedPolicy> LoadCallPolicy(const std::string& file, Invocation& call);

// Prints all of `diagnostics`; with --quiet only the errors.
void PrintDiagnostics(const std::vector<runtime::Diagnostic>& diagnostics, Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_LOADED_CONFIG_H_
