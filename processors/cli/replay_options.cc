#include "processors/cli/replay_options.h"

#include <CLI/CLI.hpp>

#include "absl/strings/str_cat.h"

namespace peakend::cli {
namespace {

std::string CheckReplayTime(const std::string& text) {
  if (ReadReplayTime(text)) return "";
  return absl::StrCat("`", text,
                      "` is no time: give 2026-11-01, 2026-11-01T08:00Z or "
                      "2026-11-01T16:00:00+08:00");
}

std::string CheckDuration(const std::string& text) {
  absl::Duration duration;
  if (absl::ParseDuration(text, &duration) && duration >= absl::ZeroDuration()) return "";
  return absl::StrCat("`", text, "` is no duration: give 72h, 30m or 0");
}

void AddSourceFlags(CLI::App& app, ReplayOptions& options) {
  CLI::Option* input = app.add_option(
      "--input", options.input, "Read events from this file instead of Kafka; - is standard input");
  app.add_option("--from", options.from,
                 "Compare alerts that occurred from then on; from Kafka, read the input topic "
                 "from the warm-up before then on")
      ->check(CheckReplayTime)
      ->type_name("TIME");
  app.add_option("--until", options.until,
                 "Compare alerts that occurred before then; from Kafka, read what was written "
                 "before then (default: now)")
      ->check(CheckReplayTime)
      ->type_name("TIME");
  app.add_option("--warm-up", options.warm_up,
                 "From Kafka: read so much before --from, so that journeys open then are known "
                 "(default: the longer journey_gap of both policies)")
      ->excludes(input)
      ->check(CheckDuration)
      ->type_name("DURATION");
  app.add_option("--input-format", options.input_format,
                 "Form of the file: json (one InteractionEvent a line) or binary "
                 "(length-delimited protobuf)")
      ->needs(input)
      ->check(CLI::IsMember({"json", "binary"}))
      ->capture_default_str();
  app.add_option("--partitions", options.partitions,
                 "Split the file by key into this many partitions, as Kafka would")
      ->needs(input)
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
}

}  // namespace

void AddReplayFlags(CLI::App& app, ReplayOptions& options) {
  app.add_option("--policy", options.policy, "The policy to try")->required()->type_name("FILE");
  app.add_option("--against", options.against,
                 "The policy to compare it with (default: policy.file of the configuration, else "
                 "the built-in one)")
      ->type_name("FILE");
  AddSourceFlags(app, options);
  app.add_option("--show", options.show, "Show this many differences by their ids")
      ->check(CLI::Range(0, 100'000))
      ->capture_default_str();
  app.add_option("--bad-below", options.bad_below,
                 "A journey whose rating in [0, 1] is below this was bad (default: the lowest "
                 "third)")
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--format", options.format, "Form of the answer: text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  app.add_flag("--expect-same", options.expect_same,
               "Any difference between alerts is a failure "
               "(exit 1)");
}

std::optional<absl::Time> ReadReplayTime(const std::string& text) {
  absl::Time time;
  std::string error;
  for (const char* format : {absl::RFC3339_full, "%Y-%m-%d%ET%H:%M%Ez", "%Y-%m-%d"}) {
    if (absl::ParseTime(format, text, &time, &error)) return time;
  }
  return std::nullopt;
}

}  // namespace peakend::cli
