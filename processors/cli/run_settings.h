// Everything that a run is configured with, loaded and checked.
#ifndef PEAKEND_PROCESSORS_CLI_RUN_SETTINGS_H_
#define PEAKEND_PROCESSORS_CLI_RUN_SETTINGS_H_

#include <optional>
#include <string>

#include "processors/cli/invocation.h"
#include "processors/cli/loaded_config.h"
#include "processors/ingest/decoder.h"
#include "processors/publish/policy.h"
#include "processors/runtime/config/identity_needs.h"
#include "processors/runtime/worker.h"

namespace peakend::cli {

struct RunPolicy {
  v1::Policy source;
  publish::Policy compiled;
};

struct RunSettings {
  LoadedConfig loaded;
  v1::Policy policy_source;
  publish::Policy policy;
  bool accept_loss = false;  // runtime::WorkerOptions::accept_loss

  const v1::Config& config() const { return loaded.config; }
};

// `policy_file` overrides policy.file; empty = it does not. Nothing after an error,
// which was printed; the exit code is then kConfigError.
std::optional<RunSettings> LoadRunSettings(const std::string& policy_file, runtime::RunsOn on,
                                           Invocation& call);

// The policy in `file`; empty = the built-in one. Nothing as above.
std::optional<RunPolicy> LoadRunPolicy(const std::string& file, const LoadedConfig& config,
                                       runtime::RunsOn on, Invocation& call);

ingest::Limits IngestLimits(const v1::Config& config);
runtime::WorkerOptions WorkerOptionsFrom(const v1::Config& config);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_RUN_SETTINGS_H_
