#include "processors/cli/inspect_command.h"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "peakend/v1/inspection.pb.h"
#include "processors/cli/inspection_text.h"
#include "processors/cli/kafka_talk.h"
#include "processors/cli/loaded_config.h"
#include "processors/publish/customer_inspection.h"
#include "processors/publish/json.h"
#include "processors/publish/output.h"
#include "processors/publish/partitioner.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/changelog_census.h"
#include "processors/runtime/checkpoint.h"
#include "processors/runtime/kafka_admin.h"
#include "processors/runtime/kafka_changelog.h"

namespace peakend::cli {
namespace {

constexpr absl::Duration kAskAgainAfter = absl::Milliseconds(100);

struct CustomerOptions {
  std::string key;
  bool json = false;
};

struct PartitionOptions {
  int32_t partition = 0;
  bool json = false;
};

template <typename Inspection>
void Print(const Inspection& inspection, bool json, Invocation& call) {
  std::string text;
  if (json) {
    publish::AppendJson(inspection, &text);
    text.push_back('\n');
  } else {
    text = InspectionText(inspection);
  }
  *call.out << text << std::flush;
}

ExitCode NotThere(const std::string& message, Invocation& call) {
  *call.err << "error: " << message << std::endl;
  return ExitCode::kChecksFailed;
}

absl::StatusOr<int32_t> CountPartitions(const v1::Config& config, Invocation& call) {
  const auto admin = runtime::KafkaAdmin::Open(config, KafkaTalk(call), kClusterLimit);
  if (!admin.ok()) return admin.status();
  const auto cluster = (*admin)->DescribeCluster();
  if (!cluster.ok()) return cluster.status();
  const std::string topic = publish::TopicName(config.topics(), publish::Topic::kState);
  const auto found = cluster->topics.find(topic);
  if (found == cluster->topics.end()) {
    return absl::NotFoundError(
        absl::StrCat("topic `", topic, "` does not exist; `peakend topics create` makes it"));
  }
  return found->second.partitions;
}

// Reads the partition's changelog into what `fresh` makes. A topic that was just made
// has no leader for a moment.
template <typename Reader>
absl::StatusOr<Reader> ReadChangelog(const v1::Config& config, int32_t partition,
                                     const Reader& fresh, Invocation& call) {
  const auto changelog = runtime::KafkaChangelog::Open(config, KafkaTalk(call));
  if (!changelog.ok()) return changelog.status();
  const absl::Time deadline = absl::Now() + kClusterLimit;
  while (true) {
    Reader reader = fresh;
    const absl::Status status =
        (*changelog)->Read(partition, 0, [&reader](const runtime::ChangelogRecord& record) {
          reader.Take(record);
          return absl::OkStatus();
        });
    if (status.ok()) return reader;
    if (!absl::IsUnavailable(status) || absl::Now() >= deadline) return status;
    absl::SleepFor(kAskAgainAfter);
  }
}

// The newest records of one key and of progress.
struct Newest {
  std::string key;
  std::optional<std::string> customer = std::nullopt;
  std::optional<v1::ProgressInspection> progress = std::nullopt;

  void Take(const runtime::ChangelogRecord& record);
};

void Newest::Take(const runtime::ChangelogRecord& record) {
  if (record.key == runtime::kProgressKey) {
    v1::ProgressRecord read;
    if (read.ParseFromArray(record.value.data(), static_cast<int>(record.value.size()))) {
      progress = publish::InspectProgress(read);
    }
  } else if (record.key == key) {
    customer.reset();
    if (record.has_value) customer = std::string(record.value);
  }
}

ExitCode InspectCustomer(const CustomerOptions& options, Invocation& call) {
  const std::optional<LoadedConfig> loaded = LoadCallConfig(call);
  if (!loaded) return ExitCode::kConfigError;
  const absl::StatusOr<int32_t> partitions = CountPartitions(loaded->config, call);
  if (!partitions.ok()) return ReportKafkaError(partitions.status(), call);
  v1::CommittedCustomer found;
  found.set_partition(publish::PartitionFor(options.key, *partitions));
  const auto newest =
      ReadChangelog(loaded->config, found.partition(), Newest{.key = options.key}, call);
  if (!newest.ok()) return ReportKafkaError(newest.status(), call);
  if (newest->progress) *found.mutable_progress() = *newest->progress;
  if (!newest->customer) {
    return NotThere(
        absl::StrCat("no such customer in partition ", found.partition(),
                     " of the changelog; a new one is written within checkpoint.interval"),
        call);
  }
  auto customer = publish::InspectCustomer(options.key, *newest->customer);
  if (!customer.ok()) return ReportKafkaError(customer.status(), call);
  *found.mutable_customer() = *std::move(customer);
  Print(found, options.json, call);
  return ExitCode::kOk;
}

ExitCode InspectPartition(const PartitionOptions& options, Invocation& call) {
  const std::optional<LoadedConfig> loaded = LoadCallConfig(call);
  if (!loaded) return ExitCode::kConfigError;
  const absl::StatusOr<int32_t> partitions = CountPartitions(loaded->config, call);
  if (!partitions.ok()) return ReportKafkaError(partitions.status(), call);
  if (options.partition >= *partitions) {
    return NotThere(absl::StrCat("no partition ", options.partition, ": the changelog has 0 to ",
                                 *partitions - 1),
                    call);
  }
  const auto census = ReadChangelog(loaded->config, options.partition,
                                    runtime::ChangelogCensus(options.partition), call);
  if (!census.ok()) return ReportKafkaError(census.status(), call);
  Print(census->Result(), options.json, call);
  return ExitCode::kOk;
}

Command CustomerCommand() {
  return {.name = "customer",
          .summary = "Show the committed state of one customer",
          .examples =
              "peakend inspect customer acme/c178 --config peakend.yaml\n"
              "peakend inspect customer acme/c178 --json --config peakend.yaml\n",
          .takes_config = true,
          .setup = [](CLI::App& app) -> Action {
            auto options = std::make_shared<CustomerOptions>();
            app.add_option("TENANT/CUSTOMER", options->key, "The key of the customer's events")
                ->required()
                ->check([](const std::string& key) {
                  return key.find('/') == std::string::npos ? "`/` is missing between them" : "";
                });
            app.add_flag("--json", options->json, "One JSON object with all fields");
            return [options](Invocation& call) { return InspectCustomer(*options, call); };
          }};
}

Command PartitionCommand() {
  return {.name = "partition",
          .summary = "Show how far a partition is committed, and what it keeps",
          .examples =
              "peakend inspect partition 0 --config peakend.yaml\n"
              "peakend inspect partition 0 --json --config peakend.yaml\n",
          .takes_config = true,
          .setup = [](CLI::App& app) -> Action {
            auto options = std::make_shared<PartitionOptions>();
            app.add_option("N", options->partition, "Number of the partition")
                ->required()
                ->check([](const std::string& text) {
                  int32_t number = 0;
                  return absl::SimpleAtoi(text, &number) && number >= 0
                             ? ""
                             : "`" + text + "` is no partition's number";
                });
            app.add_flag("--json", options->json, "One JSON object with all fields");
            return [options](Invocation& call) { return InspectPartition(*options, call); };
          }};
}

}  // namespace

Command InspectCommand() {
  return {.name = "inspect",
          .summary = "Show committed state: a customer, or a partition",
          .examples =
              "peakend inspect customer acme/c178 --config peakend.yaml\n"
              "peakend inspect partition 0 --config peakend.yaml\n",
          .subcommands = {CustomerCommand(), PartitionCommand()}};
}

}  // namespace peakend::cli
