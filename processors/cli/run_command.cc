#include "processors/cli/run_command.h"

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "processors/cli/file_run.h"
#include "processors/cli/json_lines.h"
#include "processors/cli/kafka_run.h"
#include "processors/cli/kafka_talk.h"
#include "processors/cli/run_settings.h"
#include "processors/runtime/schema_ids.h"

namespace peakend::cli {
namespace {

struct RunOptions {
  std::string input;
  std::string output = "-";
  std::string format = "json";
  std::string policy;
  std::string now;
  int32_t partitions = 1;
  bool accept_loss = false;
};

// The time that stands for the broker's clock; nothing after an error.
std::optional<int64_t> NowMs(const RunOptions& options, Invocation& call) {
  if (options.now.empty()) return absl::ToUnixMillis(absl::Now());
  absl::Time time;
  std::string error;
  if (absl::ParseTime(absl::RFC3339_full, options.now, &time, &error)) {
    return absl::ToUnixMillis(time);
  }
  *call.err << "error: --now `" << options.now << "` is not a time like 2026-01-31T00:00:00Z\n";
  return std::nullopt;
}

ExitCode Report(const absl::StatusOr<FileRunSummary>& summary, const RunOptions& options,
                Invocation& call) {
  if (!summary.ok()) {
    *call.err << "error: " << options.input << ": " << summary.status().message() << "\n";
    return absl::IsDataLoss(summary.status()) ? ExitCode::kBadData : ExitCode::kForced;
  }
  const runtime::EngineStats& stats = summary->stats.front();
  if (!call.quiet || summary->set_aside > 0) {
    *call.err << stats.events_ok << " events, " << stats.events_duplicate << " duplicates, "
              << stats.events_late << " late, " << summary->set_aside << " rejected, "
              << stats.journeys_closed << " journeys\n";
  }
  return summary->set_aside > 0 || summary->malformed > 0 ? ExitCode::kBadData : ExitCode::kOk;
}

ExitCode RunOnStreams(const RunOptions& options, std::istream& in, std::ostream& out,
                      Invocation& call) {
  const std::optional<RunSettings> settings =
      LoadRunSettings(options.policy, runtime::RunsOn::kFile, call);
  if (!settings) return ExitCode::kConfigError;
  const std::optional<int64_t> now_ms = NowMs(options, call);
  if (!now_ms) return ExitCode::kUsage;

  FileRunOptions run_options;
  run_options.input_name = options.input;
  run_options.format = options.format == "binary" ? EventFormat::kBinary : EventFormat::kJson;
  run_options.partitions = options.partitions;
  run_options.now_ms = *now_ms;
  run_options.limits = IngestLimits(settings->config());
  run_options.rows = WorkerOptionsFrom(settings->config()).rows;
  run_options.topics = settings->config().topics();
  FileRun run(std::move(run_options),
              {{settings->policy, WriteJsonLines(settings->config().topics(), out)}}, *call.err);
  const absl::StatusOr<FileRunSummary> summary = run.Run(in);
  out.flush();
  return Report(summary, options, call);
}

ExitCode RunOnOutput(const RunOptions& options, std::istream& in, Invocation& call) {
  if (options.output == "-") return RunOnStreams(options, in, *call.out, call);
  std::ofstream out(options.output, std::ios::binary | std::ios::trunc);
  if (!out) {
    *call.err << "error: cannot write `" << options.output << "`: " << std::strerror(errno) << "\n";
    return ExitCode::kUsage;
  }
  return RunOnStreams(options, in, out, call);
}

ExitCode RunOnFile(const RunOptions& options, Invocation& call) {
  if (options.input == "-") return RunOnOutput(options, *call.in, call);
  std::ifstream in(options.input, std::ios::binary);
  if (!in) {
    *call.err << "error: cannot read `" << options.input << "`: " << std::strerror(errno) << "\n";
    return ExitCode::kUsage;
  }
  return RunOnOutput(options, in, call);
}

ExitCode Run(const RunOptions& options, Invocation& call) {
  if (!options.input.empty()) return RunOnFile(options, call);
  std::optional<RunSettings> settings =
      LoadRunSettings(options.policy, runtime::RunsOn::kKafka, call);
  if (!settings) return ExitCode::kConfigError;
  settings->accept_loss = options.accept_loss;
  const absl::Status numbered = runtime::ResolveSchemaIds(&settings->loaded.config);
  if (!numbered.ok()) return ReportKafkaError(numbered, call);
  return RunOnKafka(*settings, call);
}

}  // namespace

Command RunCommand() {
  return {
      .name = "run",
      .summary = "Find moments in events: on Kafka, or on a file",
      .examples =
          "peakend run --config peakend.yaml\n"
          "peakend run --input events.ndjson --output -\n"
          "peakend import conversations chats.jsonl.gz | peakend run --input - --output -\n"
          "peakend run --input events.bin --format binary --partitions 8 --output out.ndjson\n",
      .takes_config = true,
      .setup = [](CLI::App& app) -> Action {
        auto options = std::make_shared<RunOptions>();
        CLI::Option* input =
            app.add_option("--input", options->input,
                           "Read events from this file instead of Kafka; - is standard input");
        app.add_option(
               "--output", options->output,
               "Write output records to this file, one JSON object a line; - is standard output")
            ->needs(input)
            ->capture_default_str();
        app.add_option("--format", options->format,
                       "Form of the input: json (one InteractionEvent a line) or binary "
                       "(length-delimited protobuf)")
            ->needs(input)
            ->check(CLI::IsMember({"json", "binary"}))
            ->capture_default_str();
        app.add_option("--partitions", options->partitions,
                       "Split the input by key into this many partitions, as Kafka would")
            ->needs(input)
            ->check(CLI::Range(1, 4096))
            ->capture_default_str();
        app.add_option("--now", options->now,
                       "Time of reading, for events from the future (default: the clock)")
            ->needs(input)
            ->type_name("TIME");
        app.add_flag("--accept-loss", options->accept_loss,
                     "Go on although the topic has lost input that was not processed yet, or that "
                     "the state needs; from Kafka only")
            ->excludes(input);
        app.add_option("--policy", options->policy,
                       "Policy file; overrides policy.file of the configuration")
            ->type_name("FILE");
        return [options](Invocation& call) { return Run(*options, call); };
      }};
}

}  // namespace peakend::cli
