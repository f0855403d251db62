#include "processors/cli/policy_command.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "processors/cli/control_record.h"
#include "processors/cli/loaded_config.h"
#include "processors/cli/run_settings.h"
#include "processors/runtime/config/policy_record.h"
#include "processors/runtime/config/policy_version.h"
#include "processors/runtime/policy_diff/compare.h"
#include "processors/runtime/policy_diff/diff_text.h"

namespace peakend::cli {
namespace {

struct DiffOptions {
  std::string before;
  std::string after;
  std::string language = "en";
  std::string format = "text";
  bool exit_code = false;
};

// Outputs of both would bear the same name and version.
void NoteSameVersion(const v1::Policy& before, const v1::Policy& after, Invocation& call) {
  if (call.quiet || before.name() != after.name() || before.version() != after.version()) return;
  *call.err << "note: both are version " << after.version()
            << "; give the new one a `version` of its own\n";
}

ExitCode Diff(const DiffOptions& options, Invocation& call) {
  const std::optional<LoadedPolicy> before = LoadCallPolicy(options.before, call);
  const std::optional<LoadedPolicy> after = LoadCallPolicy(options.after, call);
  if (!before || !after) return ExitCode::kConfigError;
  const std::vector<runtime::Change> changes =
      runtime::ComparePolicies(before->policy, after->policy);
  const runtime::ComparedPolicies compared = {runtime::PolicyVersionStamp(before->policy),
                                              runtime::PolicyVersionStamp(after->policy)};
  const runtime::Language language =
      options.language == "zh" ? runtime::Language::kChinese : runtime::Language::kEnglish;
  *call.out << (options.format == "json" ? runtime::DiffJson(compared, changes, language)
                                         : runtime::DiffText(compared, changes, language));
  if (changes.empty()) return ExitCode::kOk;
  NoteSameVersion(before->policy, after->policy, call);
  return options.exit_code ? ExitCode::kChecksFailed : ExitCode::kOk;
}

Command DiffCommand() {
  return {
      .name = "diff",
      .summary = "Say in words what a new policy changes, before it goes to work",
      .examples =
          "peakend policy diff old-policy.yaml new-policy.yaml\n"
          "peakend policy diff --lang zh old-policy.yaml new-policy.yaml\n"
          "peakend policy diff --format json --exit-code old-policy.yaml new-policy.yaml\n",
      .setup = [](CLI::App& app) -> Action {
        auto options = std::make_shared<DiffOptions>();
        app.add_option("BEFORE", options->before, "The policy at work")->required();
        app.add_option("AFTER", options->after, "The policy that is to replace it")->required();
        app.add_option("--lang", options->language, "en or zh")->check(CLI::IsMember({"en", "zh"}));
        app.add_option("--format", options->format, "text or json")
            ->check(CLI::IsMember({"text", "json"}));
        app.add_flag("--exit-code", options->exit_code, "End with 1 when they differ");
        return [options](Invocation& call) { return Diff(*options, call); };
      }};
}

struct ApplyOptions {
  std::string file;
  bool print = false;
};

// Which policy counts is for the partitions to know; where it is still the configured one, they
// would reject a policy that cannot follow it.
void WarnOfRejection(const publish::Policy& next, const LoadedConfig& config, Invocation& call) {
  std::ostringstream unsaid;
  Invocation quiet = call;
  quiet.err = &unsaid;
  const std::optional<RunPolicy> configured =
      LoadRunPolicy(config.config.policy().file(), config, runtime::RunsOn::kKafka, quiet);
  if (!configured) return;
  const absl::Status status = runtime::CheckMayFollow(configured->compiled, next);
  if (status.ok()) return;
  *call.err << "warning: partitions where " << configured->compiled.stamp
            << " counts will reject this policy: " << status.message() << "\n";
}

ExitCode Apply(const ApplyOptions& options, Invocation& call) {
  const std::optional<LoadedConfig> config = LoadCallConfig(call);
  if (!config) return ExitCode::kConfigError;
  const std::optional<RunPolicy> policy =
      LoadRunPolicy(options.file, *config, runtime::RunsOn::kKafka, call);
  if (!policy) return ExitCode::kConfigError;
  const absl::StatusOr<std::string> value = runtime::PolicyRecordValue(policy->source);
  ControlRecord record;
  if (value.ok()) record.event.ParseFromString(*value);
  const std::string refusal =
      value.ok() ? RefusalOf(record, config->config) : std::string(value.status().message());
  if (!refusal.empty()) {
    *call.err << "error: workers would not take this policy: " << refusal << "\n";
    return ExitCode::kConfigError;
  }
  WarnOfRejection(policy->compiled, *config, call);
  if (options.print) return PrintRecord(record, call);
  const Delivery delivery = WriteRecord(record, config->config, call);
  if (delivery.partitions > 0 && (!call.quiet || delivery.code != ExitCode::kOk)) {
    *call.err << "policy " << policy->compiled.stamp << " written to " << delivery.delivered
              << " of " << delivery.partitions << " partitions\n";
  }
  return delivery.code;
}

Command ApplyCommand() {
  return {
      .name = "apply",
      .summary = "Let a policy count from now on, in every partition, without a restart",
      .examples =
          "peakend policy diff old-policy.yaml new-policy.yaml    # look first\n"
          "peakend policy apply new-policy.yaml\n"
          "peakend policy apply new-policy.yaml --print >> events.ndjson    # for run --input\n",
      .takes_config = true,
      .setup = [](CLI::App& app) -> Action {
        auto options = std::make_shared<ApplyOptions>();
        app.add_option("POLICY", options->file, "The policy that is to count")->required();
        app.add_flag("--print", options->print,
                     "Print the event, as `run --input` and `produce` take it, and write nothing");
        return [options](Invocation& call) { return Apply(*options, call); };
      }};
}

}  // namespace

Command PolicyCommand() {
  return {.name = "policy",
          .summary = "Compare policies, and put one to work",
          .examples =
              "peakend policy diff old-policy.yaml new-policy.yaml\n"
              "peakend policy apply new-policy.yaml\n",
          .subcommands = {DiffCommand(), ApplyCommand()}};
}

}  // namespace peakend::cli
