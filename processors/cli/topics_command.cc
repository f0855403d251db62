#include "processors/cli/topics_command.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "processors/cli/kafka_talk.h"
#include "processors/cli/loaded_config.h"
#include "processors/runtime/kafka_admin.h"

namespace peakend::cli {
namespace {

void PrintTopic(const runtime::TopicDescription& topic, std::ostream& out) {
  out << topic.name << ": " << topic.partitions << " partitions";
  if (topic.replication_factor > 0) out << ", replication factor " << topic.replication_factor;
  for (const auto& [name, value] : topic.settings) out << ", " << name << "=" << value;
  out << "\n";
}

ExitCode CreateTopics(bool dry_run, Invocation& call) {
  const std::optional<LoadedConfig> loaded = LoadCallConfig(call);
  if (!loaded) return ExitCode::kConfigError;
  const v1::Config& config = loaded->config;
  auto admin = runtime::KafkaAdmin::Open(config, KafkaTalk(call), kClusterLimit);
  if (!admin.ok()) return ReportKafkaError(admin.status(), call);
  const absl::StatusOr<runtime::TopicPlan> plan = (*admin)->CreateTopics(dry_run);
  if (!plan.ok()) return ReportKafkaError(plan.status(), call);
  for (const runtime::TopicDescription& topic : plan->create) {
    *call.out << (dry_run ? "would create " : "created ");
    PrintTopic(topic, *call.out);
  }
  for (const std::string& name : plan->unchanged) *call.out << "exists " << name << "\n";
  for (const std::string& difference : plan->differences) {
    *call.out << "differs " << difference << "\n";
  }
  return plan->differences.empty() ? ExitCode::kOk : ExitCode::kChecksFailed;
}

Command CreateCommand() {
  return {.name = "create",
          .summary = "Create the topics that are missing; existing ones are never changed",
          .examples =
              "peakend topics create --dry-run\n"
              "peakend topics create --config peakend.yaml\n",
          .takes_config = true,
          .setup = [](CLI::App& app) -> Action {
            auto dry_run = std::make_shared<bool>(false);
            app.add_flag("--dry-run", *dry_run, "Only say what would be created");
            return [dry_run](Invocation& call) { return CreateTopics(*dry_run, call); };
          }};
}

}  // namespace

Command TopicsCommand() {
  return {.name = "topics",
          .summary = "Create the topics of the configuration",
          .examples = "peakend topics create --dry-run\n",
          .subcommands = {CreateCommand()}};
}

}  // namespace peakend::cli
