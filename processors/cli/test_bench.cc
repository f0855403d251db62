#include "processors/cli/test_bench.h"

#include <sstream>
#include <utility>
#include <vector>

#include "processors/cli/exit_code.h"
#include "processors/cli/file_run.h"
#include "processors/publish/json.h"
#include "processors/scenarios/compact_time.h"

namespace peakend::cli {
namespace {

using scenarios::Outcome;

// Stands for the broker's clock, the same on every day: ten years after the start, so that no
// story comes from the future.
constexpr int64_t kReadMs = scenarios::kStartMs + int64_t{3'653} * 86'400'000;

absl::StatusOr<Outcome> RunLines(const RunSettings& settings,
                                 const std::vector<scenarios::InputLine>& lines,
                                 int32_t partitions) {
  std::string text;
  for (const scenarios::InputLine& line : lines) {
    text += line.text;
    text += '\n';
  }
  std::istringstream in(std::move(text));
  std::ostringstream talk;
  Outcome outcome;
  FileRunOptions options;
  options.input_name = "events";
  options.partitions = partitions;
  options.now_ms = kReadMs;
  options.limits = IngestLimits(settings.config());
  options.topics = settings.config().topics();
  const auto take = [&outcome](publish::Topic topic, std::string_view key,
                               const google::protobuf::Message& value) {
    scenarios::OutputRecord record = {topic, std::string(key), ""};
    publish::AppendJson(value, &record.value);
    outcome.records.push_back(std::move(record));
    return true;
  };
  FileRun run(std::move(options), {{settings.policy, take}}, talk);
  const absl::StatusOr<FileRunSummary> summary = run.Run(in);
  if (!summary.ok()) return summary.status();
  const bool set_aside = summary->set_aside > 0 || summary->malformed > 0;
  outcome.exit_code = static_cast<int>(set_aside ? ExitCode::kBadData : ExitCode::kOk);
  outcome.talk = talk.str();
  return outcome;
}

}  // namespace

TestBench* TestBenches::Get(const std::string& policy_file, Invocation& call) {
  const auto found = benches_.find(policy_file);
  if (found != benches_.end()) return found->second.get();
  // The same everywhere: with the default configuration, whatever the environment says.
  Invocation plain = call;
  plain.environment.clear();
  plain.quiet = true;
  std::optional<RunSettings> loaded = LoadRunSettings(policy_file, runtime::RunsOn::kFile, plain);
  if (!loaded) return nullptr;
  auto settings = std::make_unique<const RunSettings>(*std::move(loaded));
  absl::StatusOr<scenarios::CoverageBoard> coverage =
      scenarios::CoverageBoard::Make(settings->policy_source);
  if (!coverage.ok()) {
    *call.err << "error: policy `" << settings->policy_source.name()
              << "`: " << coverage.status().message() << "\n";
    return nullptr;
  }
  scenarios::Pipeline pipeline =
      [&settings = *settings](const std::vector<scenarios::InputLine>& lines, int32_t partitions) {
        return RunLines(settings, lines, partitions);
      };
  auto bench = std::make_unique<TestBench>(
      TestBench{std::move(settings), std::move(pipeline), *std::move(coverage)});
  return benches_.emplace(policy_file, std::move(bench)).first->second.get();
}

std::vector<scenarios::PolicyCoverage> TestBenches::Coverages() const {
  std::vector<scenarios::PolicyCoverage> coverages;
  for (const auto& [file, bench] : benches_) coverages.push_back(bench->coverage.Result());
  return coverages;
}

}  // namespace peakend::cli
