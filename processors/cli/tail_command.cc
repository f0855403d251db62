#include "processors/cli/tail_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "processors/cli/kafka_talk.h"
#include "processors/cli/loaded_config.h"
#include "processors/cli/record_line.h"
#include "processors/runtime/kafka_reader.h"

namespace peakend::cli {
namespace {

constexpr absl::Duration kWait = absl::Milliseconds(100);
constexpr int64_t kBatch = 500;

struct TailOptions {
  std::string topic;
  std::string from = "end";
  bool exit_at_end = false;
  bool json = false;
  int64_t count = std::numeric_limits<int64_t>::max();
};

void Print(const std::vector<runtime::StoredRecord>& records, const RecordLine& line, bool json,
           std::ostream& out) {
  std::string text;
  for (const runtime::StoredRecord& record : records) {
    if (json) {
      line.AppendJson(record, &text);
    } else {
      line.AppendText(record, &text);
    }
  }
  out << text << std::flush;
}

ExitCode Tail(const TailOptions& options, Invocation& call) {
  const std::optional<LoadedConfig> loaded = LoadCallConfig(call);
  if (!loaded) return ExitCode::kConfigError;
  const v1::Config& config = loaded->config;
  const std::string topic = FindTopic(config.topics(), options.topic);
  const int64_t start = options.from == "beginning" ? runtime::kBeginning : runtime::kEnd;
  auto reader = runtime::KafkaReader::Open(config, topic, start, KafkaTalk(call), kClusterLimit);
  if (!reader.ok()) return ReportKafkaError(reader.status(), call);
  const RecordLine line(config, topic);
  int64_t left = options.count;
  while (left > 0 && call.out->good()) {
    const auto most = static_cast<size_t>(std::min(left, kBatch));
    const auto records = (*reader)->Read(kWait, most);
    if (absl::IsUnavailable(records.status())) {
      *call.err << "error: " << records.status().message() << std::endl;
      continue;
    }
    if (!records.ok()) return ReportKafkaError(records.status(), call);
    Print(*records, line, options.json, *call.out);
    left -= static_cast<int64_t>(records->size());
    if (options.exit_at_end && (*reader)->at_end()) break;
  }
  return ExitCode::kOk;
}

}  // namespace

Command TailCommand() {
  return {.name = "tail",
          .summary = "Print the records of a topic as they come",
          .examples =
              "peakend tail alerts\n"
              "peakend tail journeys --from beginning --exit-at-end --json\n"
              "peakend tail rejected --from beginning --count 10 --config peakend.yaml\n",
          .takes_config = true,
          .setup = [](CLI::App& app) -> Action {
            auto options = std::make_shared<TailOptions>();
            app.add_option("TOPIC", options->topic,
                           "alerts, cards, journeys, moments, rejected, late, state, events or a "
                           "topic's name")
                ->required();
            app.add_option("--from", options->from, "Where to begin: beginning or end")
                ->check(CLI::IsMember({"beginning", "end"}))
                ->capture_default_str();
            app.add_flag("--exit-at-end", options->exit_at_end,
                         "Stop when everything that is there was printed");
            app.add_option("--count", options->count, "Stop after this many records")
                ->check(CLI::PositiveNumber);
            app.add_flag("--json", options->json,
                         "One JSON object a line: topic, key and value with all its fields");
            return [options](Invocation& call) { return Tail(*options, call); };
          }};
}

}  // namespace peakend::cli
