#include "processors/cli/run_settings.h"

#include <ostream>
#include <utility>
#include <vector>

#include "processors/publish/topic_names.h"
#include "processors/runtime/config/policy_version.h"
#include "processors/runtime/config/row_config.h"

namespace peakend::cli {
namespace {

int64_t Ms(const google::protobuf::Duration& duration) {
  return duration.seconds() * 1000 + duration.nanos() / 1'000'000;
}

}  // namespace

std::optional<RunSettings> LoadRunSettings(const std::string& policy_file, runtime::RunsOn on,
                                           Invocation& call) {
  std::optional<LoadedConfig> config = LoadCallConfig(call);
  if (!config) return std::nullopt;
  const std::string file = policy_file.empty() ? config->config.policy().file() : policy_file;
  std::optional<RunPolicy> policy = LoadRunPolicy(file, *config, on, call);
  if (!policy) return std::nullopt;
  return RunSettings{*std::move(config), std::move(policy->source), std::move(policy->compiled)};
}

std::optional<RunPolicy> LoadRunPolicy(const std::string& file, const LoadedConfig& config,
                                       runtime::RunsOn on, Invocation& call) {
  std::optional<LoadedPolicy> policy = LoadCallPolicy(file, call);
  if (!policy) return std::nullopt;
  absl::StatusOr<publish::Policy> compiled =
      publish::CompilePolicy(policy->policy, runtime::PolicyVersionStamp(policy->policy));
  if (!compiled.ok()) {
    *call.err << "error: policy `" << policy->policy.name() << "`: " << compiled.status().message()
              << "\n";
    return std::nullopt;
  }
  const std::vector<runtime::Diagnostic> refused =
      runtime::CheckIdentityNeeds(policy->policy, config.config, config.origins, on);
  PrintDiagnostics(refused, call);
  if (!refused.empty()) return std::nullopt;
  return RunPolicy{std::move(policy->policy), *std::move(compiled)};
}

ingest::Limits IngestLimits(const v1::Config& config) {
  return {config.ingest().max_record_bytes(), Ms(config.ingest().max_time_ahead())};
}

runtime::WorkerOptions WorkerOptionsFrom(const v1::Config& config) {
  runtime::WorkerOptions options;
  options.input_topic = publish::InputTopicName(config.topics());
  options.limits = IngestLimits(config);
  options.batch_records = config.worker().batch_records();
  options.batch_wait = absl::Milliseconds(Ms(config.worker().batch_wait()));
  options.commit_interval = absl::Milliseconds(Ms(config.worker().commit_interval()));
  options.commit_records = config.worker().commit_records();
  options.tick_interval = absl::Milliseconds(Ms(config.worker().tick_interval()));
  options.checkpoint.interval = absl::Milliseconds(Ms(config.checkpoint().interval()));
  options.checkpoint.max_replay_records =
      static_cast<int64_t>(config.checkpoint().max_replay_events());
  options.revoke_budget = absl::Milliseconds(Ms(config.checkpoint().revoke_budget()));
  options.snapshots.interval = absl::Milliseconds(Ms(config.checkpoint().snapshot_interval()));
  options.snapshots.refresh = absl::Milliseconds(Ms(config.checkpoint().snapshot_max_age()) / 3);
  options.exactly_once = config.delivery() != "at_least_once";
  // What could be wrong with it was found when the configuration was loaded.
  if (auto rows = runtime::RowSettingsFrom(config.bi()); rows.ok()) options.rows = *std::move(rows);
  return options;
}

}  // namespace peakend::cli
