#include "processors/cli/scenario_pipeline.h"

#include <sstream>
#include <utility>
#include <vector>

#include "processors/cli/exit_code.h"
#include "processors/cli/file_run.h"
#include "processors/publish/json.h"

namespace peakend::cli {
namespace {

using scenarios::Outcome;

absl::StatusOr<Outcome> RunLines(const RunSettings& settings, int64_t now_ms,
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
  options.now_ms = now_ms;
  options.limits = IngestLimits(settings.config());
  options.topics = settings.config().topics();
  FileRun run(
      std::move(options), settings.policy,
      [&outcome](publish::Topic topic, std::string_view key,
                 const google::protobuf::Message& value) {
        scenarios::OutputRecord record = {topic, std::string(key), ""};
        publish::AppendJson(value, &record.value);
        outcome.records.push_back(std::move(record));
        return true;
      },
      talk);
  const absl::StatusOr<FileRunSummary> summary = run.Run(in);
  if (!summary.ok()) return summary.status();
  const bool set_aside = summary->set_aside > 0 || summary->malformed > 0;
  outcome.exit_code = static_cast<int>(set_aside ? ExitCode::kBadData : ExitCode::kOk);
  outcome.talk = talk.str();
  return outcome;
}

}  // namespace

std::shared_ptr<const RunSettings> LoadScenarioPolicy(const std::string& file, Invocation& call) {
  Invocation plain = call;
  plain.environment.clear();
  plain.quiet = true;
  std::optional<RunSettings> settings = LoadRunSettings(file, runtime::RunsOn::kFile, plain);
  if (!settings) return nullptr;
  return std::make_shared<const RunSettings>(*std::move(settings));
}

scenarios::Pipeline MakePipeline(std::shared_ptr<const RunSettings> settings, int64_t now_ms) {
  return [settings = std::move(settings), now_ms](const std::vector<scenarios::InputLine>& lines,
                                                  int32_t partitions) {
    return RunLines(*settings, now_ms, lines, partitions);
  };
}

}  // namespace peakend::cli
