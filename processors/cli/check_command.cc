#include "processors/cli/check_command.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>
#include <string>

#include "processors/cli/client_notes.h"
#include "processors/cli/cluster_check.h"
#include "processors/cli/loaded_config.h"
#include "processors/runtime/config/identity_needs.h"
#include "processors/runtime/config/policy_version.h"
#include "processors/runtime/kafka_version.h"

namespace peakend::cli {
namespace {

struct CheckOptions {
  bool offline = false;
  bool strict = false;
  std::string policy_file;
};

ClientLibrary LoadedLibrary() {
  return {runtime::KafkaLibraryVersion(), runtime::KafkaBuiltinFeatures(),
          runtime::KafkaHasFetchQueueBackoff()};
}

ExitCode Verdict(size_t warnings, const CheckOptions& options) {
  return warnings > 0 && options.strict ? ExitCode::kChecksFailed : ExitCode::kOk;
}

ExitCode CheckPolicyFile(const CheckOptions& options, Invocation& call) {
  const std::optional<LoadedPolicy> loaded = LoadCallPolicy(options.policy_file, call);
  if (!loaded) return ExitCode::kConfigError;
  *call.out << "policy ok: " << runtime::PolicyVersionStamp(loaded->policy) << ", "
            << loaded->policy.rules_size() << " rules\n";
  return Verdict(loaded->diagnostics.size(), options);
}

ExitCode CheckConfigFile(const CheckOptions& options, Invocation& call) {
  const std::optional<LoadedConfig> loaded = LoadCallConfig(call);
  if (!loaded) return ExitCode::kConfigError;
  const v1::Config& config = loaded->config;
  const ClientLibrary library = LoadedLibrary();
  const std::vector<runtime::Diagnostic> missing = MissingFeatures(config.kafka(), library);
  PrintDiagnostics(missing, call);
  const std::optional<LoadedPolicy> policy = LoadCallPolicy(config.policy().file(), call);
  if (!policy || !missing.empty()) return ExitCode::kConfigError;
  const std::vector<runtime::Diagnostic> refused =
      runtime::CheckIdentityNeeds(policy->policy, config, loaded->origins, runtime::RunsOn::kKafka);
  PrintDiagnostics(refused, call);
  if (!refused.empty()) return ExitCode::kConfigError;
  if (!call.quiet) *call.err << "note: " << FetchQueueNote(config.kafka(), library) << "\n";
  *call.out << "configuration ok: policy " << runtime::PolicyVersionStamp(policy->policy) << "\n";
  size_t warnings = loaded->diagnostics.size() + policy->diagnostics.size();
  if (!options.offline) {
    const ClusterVerdict cluster = CheckCluster(config, policy->policy, call);
    if (cluster.code != ExitCode::kOk) return cluster.code;
    warnings += cluster.warnings;
  }
  return Verdict(warnings, options);
}

}  // namespace

Command CheckCommand() {
  return {.name = "check",
          .summary = "Check a configuration or a policy and name every problem",
          .examples =
              "peakend check --config peakend.yaml\n"
              "peakend check --offline --strict --config peakend.yaml\n"
              "peakend check --policy my-policy.yaml\n",
          .takes_config = true,
          .setup = [](CLI::App& app) -> Action {
            auto options = std::make_shared<CheckOptions>();
            app.add_flag("--offline", options->offline, "Do not talk to the brokers");
            app.add_flag("--strict", options->strict, "Warnings count as failures (exit 1)");
            app.add_option("--policy", options->policy_file, "Check this policy file alone")
                ->type_name("FILE");
            return [options](Invocation& call) {
              return options->policy_file.empty() ? CheckConfigFile(*options, call)
                                                  : CheckPolicyFile(*options, call);
            };
          }};
}

}  // namespace peakend::cli
