#include "processors/cli/explain_command.h"

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "processors/cli/explain_lookup.h"
#include "processors/cli/explain_replay.h"
#include "processors/cli/explain_topics.h"
#include "processors/cli/kafka_talk.h"
#include "processors/cli/run_settings.h"
#include "processors/explain/explanation_text.h"
#include "processors/publish/json.h"

namespace peakend::cli {
namespace {

struct ExplainOptions {
  std::string asked;
  std::string input;
  std::string input_format = "json";
  int32_t partitions = 1;
  std::string policy;
  std::string language;
  std::string format = "text";
  std::string since;
};

// The first of the variables that says anything; empty when none does.
std::string Locale(const Invocation& call, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const auto found = call.environment.find(name);
    if (found != call.environment.end() && !found->second.empty()) return found->second;
  }
  return "";
}

explain::CurveOptions CurveFor(const ExplainOptions& options, const Invocation& call) {
  explain::CurveOptions curve;
  const std::string messages = Locale(call, {"LC_ALL", "LC_MESSAGES", "LANG"});
  const bool chinese =
      options.language.empty() ? absl::StartsWith(messages, "zh") : options.language == "zh";
  curve.language = chinese ? explain::Language::kChinese : explain::Language::kEnglish;
  const std::string characters =
      absl::AsciiStrToLower(Locale(call, {"LC_ALL", "LC_CTYPE", "LANG"}));
  curve.utf8 = absl::StrContains(characters, "utf-8") || absl::StrContains(characters, "utf8");
  return curve;
}

void Print(const v1::Explanation& told, const ExplainOptions& options, Invocation& call) {
  std::string text;
  if (options.format == "json") {
    publish::AppendJson(told, &text);
    text.push_back('\n');
  } else {
    text = explain::ExplanationText(told, CurveFor(options, call));
  }
  *call.out << text << std::flush;
}

ExitCode Report(const absl::Status& status, const std::string& input, Invocation& call) {
  *call.err << "error: " << input << ": " << status.message() << "\n";
  if (absl::IsNotFound(status)) return ExitCode::kChecksFailed;
  return absl::IsDataLoss(status) ? ExitCode::kBadData : ExitCode::kBug;
}

// Runs all of a file, as often as it takes.
class FileOfEvents {
 public:
  FileOfEvents(const ExplainOptions& options, const RunSettings& settings, Invocation& call)
      : options_(options), settings_(settings), now_ms_(absl::ToUnixMillis(absl::Now())) {
    run_.input_name = options.input;
    run_.format = options.input_format == "binary" ? EventFormat::kBinary : EventFormat::kJson;
    run_.partitions = options.partitions;
    run_.now_ms = now_ms_;
    run_.limits = IngestLimits(settings.config());
    run_.topics = settings.config().topics();
  }

  // `err` gets the lines that are no events.
  absl::Status Run(const TakeOutput& take, std::optional<FollowedCustomer> followed,
                   std::ostream& err) const {
    std::ifstream in(options_.input, std::ios::binary);
    if (!in) return absl::DataLossError(std::strerror(errno));
    FileRun run(run_, {{settings_.policy, take}}, err);
    if (followed) run.Follow(*std::move(followed));
    return run.Run(in).status();
  }

 private:
  const ExplainOptions& options_;
  const RunSettings& settings_;
  const int64_t now_ms_;
  FileRunOptions run_;
};

ExitCode ExplainFile(const ExplainOptions& options, Invocation& call) {
  if (options.input == "-") {
    *call.err << "error: --input is read more than once, so it cannot be standard input: write "
                 "it to a file first\n";
    return ExitCode::kUsage;
  }
  if (std::ifstream in(options.input, std::ios::binary); !in) {
    *call.err << "error: cannot read `" << options.input << "`: " << std::strerror(errno) << "\n";
    return ExitCode::kUsage;
  }
  const std::optional<RunSettings> settings =
      LoadRunSettings(options.policy, runtime::RunsOn::kFile, call);
  if (!settings) return ExitCode::kConfigError;
  const FileOfEvents file(options, *settings, call);
  // What is no event is told once.
  std::ostream nobody(nullptr);
  std::ostream* err = call.err;
  const absl::StatusOr<ExplainSubject> subject = FindSubject(options.asked, [&](RowLookup& lookup) {
    return file.Run(
        [&lookup](publish::Topic topic, std::string_view key,
                  const google::protobuf::Message& value) { return lookup.Take(topic, value); },
        std::nullopt, *std::exchange(err, &nobody));
  });
  if (!subject.ok()) return Report(subject.status(), options.input, call);
  ExplainReplay replay(*subject);
  const absl::Status run = file.Run(replay.Outputs(), replay.Followed(), nobody);
  if (!run.ok()) return Report(run, options.input, call);
  const absl::StatusOr<v1::Explanation> told = replay.Tell();
  if (!told.ok()) return Report(told.status(), options.input, call);
  Print(*told, options, call);
  return ExitCode::kOk;
}

ExitCode ExplainTopics(const ExplainOptions& options, Invocation& call) {
  std::optional<int64_t> since_ms;
  if (!options.since.empty()) {
    absl::Time time;
    std::string error;
    if (!absl::ParseTime(absl::RFC3339_full, options.since, &time, &error)) {
      *call.err << "error: --since `" << options.since
                << "` is not a time like 2026-01-31T00:00:00Z\n";
      return ExitCode::kUsage;
    }
    since_ms = absl::ToUnixMillis(time);
  }
  const std::optional<RunSettings> settings =
      LoadRunSettings(options.policy, runtime::RunsOn::kFile, call);
  if (!settings) return ExitCode::kConfigError;
  const absl::StatusOr<v1::Explanation> told =
      ExplainFromTopics(options.asked, *settings, since_ms, call);
  if (absl::IsNotFound(told.status())) {
    *call.err << "error: " << told.status().message() << "\n";
    return ExitCode::kChecksFailed;
  }
  if (!told.ok()) return ReportKafkaError(told.status(), call);
  Print(*told, options, call);
  return ExitCode::kOk;
}

}  // namespace

Command ExplainCommand() {
  return {
      .name = "explain",
      .summary = "Say why an alert came, or why a journey has its score",
      .examples =
          "peakend explain 5f0c2f6d1f0f6ad2a4b6a6a5a2c0d8f1 --input events.ndjson\n"
          "peakend explain 5f0c2f6d1f0f6ad2a4b6a6a5a2c0d8f1 --config peakend.yaml\n"
          "peakend explain acme/c178 --input events.ndjson --policy my-policy.yaml\n"
          "peakend explain acme/c178 --input events.ndjson --lang zh\n"
          "peakend explain acme/c178 --input events.ndjson --format json\n",
      .notes =
          "Without --input, what the topics hold is processed anew: the partition in whose log "
          "the\n"
          "customer stands, through the record that made the row. Nothing is written.\n"
          "Linked customers: an id of before they were linked leads to the journey that holds the\n"
          "contacts now. An alert that began with another of them is told from its beginning: "
          "their\n"
          "partition is read as well.\n",
      .takes_config = true,
      .setup = [](CLI::App& app) -> Action {
        auto options = std::make_shared<ExplainOptions>();
        app.add_option("ID", options->asked,
                       "A journey_id, an alert_id, or TENANT/CUSTOMER for their latest journey")
            ->required();
        CLI::Option* input =
            app.add_option("--input", options->input,
                           "Read events from this file instead of Kafka, and close everything "
                           "when it ends, as `peakend run --input` does")
                ->type_name("FILE");
        app.add_option("--input-format", options->input_format,
                       "json or binary, as of `peakend run`")
            ->needs(input)
            ->check(CLI::IsMember({"json", "binary"}))
            ->capture_default_str();
        app.add_option("--partitions", options->partitions, "As of the run that made the rows")
            ->needs(input)
            ->check(CLI::Range(1, 4096))
            ->capture_default_str();
        app.add_option(
               "--since", options->since,
               "Read the customer's partition from this time on (of the broker); faster, but "
               "what was before, linked customers' parts included, counts for nothing "
               "(default: from its beginning)")
            ->excludes(input)
            ->type_name("TIME");
        app.add_option("--policy", options->policy,
                       "Policy file; overrides policy.file of the configuration")
            ->type_name("FILE");
        app.add_option("--lang", options->language,
                       "Language of the text: en or zh (default: of LC_ALL, LC_MESSAGES or LANG)")
            ->check(CLI::IsMember({"en", "zh"}));
        app.add_option("--format", options->format, "text, or json: one object with all numbers")
            ->check(CLI::IsMember({"text", "json"}))
            ->capture_default_str();
        return [options](Invocation& call) {
          return options->input.empty() ? ExplainTopics(*options, call)
                                        : ExplainFile(*options, call);
        };
      }};
}

}  // namespace peakend::cli
