#include "processors/cli/doctor_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "peakend/v1/doctor_report.pb.h"
#include "processors/cli/kafka_talk.h"
#include "processors/cli/loaded_config.h"
#include "processors/cli/text_table.h"
#include "processors/publish/json.h"
#include "processors/runtime/diagnosis.h"
#include "processors/runtime/kafka_job_facts.h"

namespace peakend::cli {
namespace {

using v1::Finding;

size_t Count(const v1::DoctorReport& report, Finding::Severity severity) {
  return static_cast<size_t>(
      std::count_if(report.findings().begin(), report.findings().end(),
                    [severity](const Finding& finding) { return finding.severity() == severity; }));
}

std::string Counted(size_t count, const char* what) {
  return absl::StrCat(count, " ", what, count == 1 ? "" : "s");
}

void AppendFinding(const Finding& finding, std::string* out) {
  absl::StrAppend(out, absl::AsciiStrToLower(Finding::Severity_Name(finding.severity())), "[",
                  finding.code(), "]: ", finding.subject(), ": ", finding.meaning(), "\n");
  if (!finding.remedy().empty()) absl::StrAppend(out, "  remedy: ", finding.remedy(), "\n");
}

std::string Ratio(const v1::PartitionInspection& state) {
  const int64_t live = state.open() + state.idle() + state.stubs();
  if (live == 0) return "-";
  return absl::StrFormat("%.1f", static_cast<double>(state.records()) / static_cast<double>(live));
}

// Offsets that an open transaction holds back, in the topic where it is the most.
int64_t HeldBack(const v1::PartitionFacts& partition) {
  int64_t most = 0;
  for (const v1::LogFacts& log : partition.logs()) {
    most = std::max(most, log.high_watermark() - log.last_stable_offset());
  }
  return most;
}

std::vector<std::string> RowOf(const v1::PartitionFacts& partition) {
  std::string input = "-";
  if (!partition.logs().empty()) {
    const v1::LogFacts& log = partition.logs(0);
    input = absl::StrCat(log.first_offset(), "..", log.high_watermark());
  }
  const v1::PartitionInspection& state = partition.state();
  const v1::ProgressInspection& progress = state.progress();
  const bool committed = partition.has_committed_offset();
  const v1::Sample& sample = partition.sample();
  return {absl::StrCat(partition.partition()),
          input,
          committed ? absl::StrCat(partition.committed_offset()) : "-",
          state.has_progress() ? absl::StrCat(progress.committed_offset()) : "-",
          state.has_progress() ? absl::StrCat(progress.low_water_mark()) : "-",
          absl::StrCat(HeldBack(partition)),
          absl::StrCat(state.records()),
          absl::StrCat(state.open() + state.idle()),
          Ratio(state),
          sample.has_newest_at_ms() ? TimeText(sample.newest_at_ms()) : "-"};
}

std::string ReportText(const v1::DoctorReport& report) {
  std::string text;
  const v1::JobFacts& facts = report.facts();
  const v1::GroupFacts& group = facts.group();
  absl::StrAppend(&text, Counted(static_cast<size_t>(facts.brokers()), "broker"), "; group ",
                  group.group_id(), ": ", group.state().empty() ? "unknown" : group.state(), ", ",
                  Counted(static_cast<size_t>(group.members()), "member"), "\n");
  if (!facts.partitions().empty()) {
    TextTable table;
    table.Add({"partition", "input", "committed", "in changelog", "replay from", "held back",
               "state records", "customers", "ratio", "newest record"});
    for (const v1::PartitionFacts& partition : facts.partitions()) table.Add(RowOf(partition));
    table.Append(&text);
  }
  text.push_back('\n');
  for (const Finding& finding : report.findings()) AppendFinding(finding, &text);
  absl::StrAppend(&text, Counted(Count(report, Finding::ERROR), "error"), ", ",
                  Counted(Count(report, Finding::WARNING), "warning"), ", ",
                  Counted(Count(report, Finding::NOTE), "note"), "\n");
  return text;
}

ExitCode Examine(bool json, Invocation& call) {
  const std::optional<LoadedConfig> loaded = LoadCallConfig(call);
  if (!loaded) return ExitCode::kConfigError;
  const v1::Config& config = loaded->config;
  const std::optional<LoadedPolicy> policy = LoadCallPolicy(config.policy().file(), call);
  if (!policy) return ExitCode::kConfigError;
  auto facts = runtime::CollectJobFacts(config, KafkaTalk(call), kClusterLimit);
  if (!facts.ok()) return ReportKafkaError(facts.status(), call);
  v1::DoctorReport report;
  *report.mutable_facts() = *std::move(facts);
  for (Finding& finding : runtime::Diagnose(report.facts(), config, policy->policy)) {
    *report.add_findings() = std::move(finding);
  }
  std::string text;
  if (json) {
    publish::AppendJson(report, &text);
    text.push_back('\n');
  } else {
    text = ReportText(report);
  }
  *call.out << text << std::flush;
  const bool fine = Count(report, Finding::ERROR) + Count(report, Finding::WARNING) == 0;
  return fine ? ExitCode::kOk : ExitCode::kChecksFailed;
}

}  // namespace

Command DoctorCommand() {
  return {.name = "doctor",
          .summary = "Examine the cluster and the job in it: what is wrong, and the remedy",
          .examples =
              "peakend doctor --config peakend.yaml\n"
              "peakend doctor --json --config peakend.yaml\n",
          .takes_config = true,
          .setup = [](CLI::App& app) -> Action {
            auto json = std::make_shared<bool>(false);
            app.add_flag("--json", *json, "One JSON object: findings, and the facts behind them");
            return [json](Invocation& call) { return Examine(*json, call); };
          }};
}

}  // namespace peakend::cli
