#include "processors/cli/replay_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "peakend/v1/alert.pb.h"
#include "peakend/v1/journey.pb.h"
#include "peakend/v1/touchpoint_statistics.pb.h"
#include "processors/cli/file_replay.h"
#include "processors/cli/kafka_replay.h"
#include "processors/cli/replay_options.h"
#include "processors/cli/replay_text.h"
#include "processors/cli/run_settings.h"
#include "processors/cli/text_table.h"
#include "processors/publish/json.h"
#include "processors/replay/policy_trace.h"
#include "processors/replay/replay_report.h"

namespace peakend::cli {
namespace {

PolicyRun TracedRun(const publish::Policy& policy, replay::PolicyTrace& trace) {
  TopicSet topics;
  topics.set(static_cast<size_t>(publish::Topic::kAlerts));
  topics.set(static_cast<size_t>(publish::Topic::kJourneys));
  topics.set(static_cast<size_t>(publish::Topic::kStatistics));
  const auto take = [&trace](publish::Topic topic, std::string_view /*key*/,
                             const google::protobuf::Message& value) {
    if (topic == publish::Topic::kAlerts) trace.Take(static_cast<const v1::Alert&>(value));
    if (topic == publish::Topic::kJourneys) trace.Take(static_cast<const v1::Journey&>(value));
    if (topic == publish::Topic::kStatistics) {
      trace.Take(static_cast<const v1::TouchpointStatistics&>(value));
    }
    return trace.status().ok();
  };
  return {policy, take, topics};
}

replay::ReplayedPolicy ReplayedBy(const replay::PolicyTrace& trace, const publish::Policy& policy,
                                  const Replayed& replayed, size_t side) {
  const runtime::EngineStats& stats = replayed.stats[side];
  const int64_t rejected =
      std::accumulate(stats.rejected.begin(), stats.rejected.end(), replayed.malformed);
  return {trace,   policy.stamp, stats.events_ok, stats.events_duplicate, stats.events_late,
          rejected};
}

// Nothing after an error, which was printed.
std::optional<replay::TimeRange> RangeOf(const ReplayOptions& options, Invocation& call) {
  replay::TimeRange range;
  if (!options.from.empty()) range.from_ms = absl::ToUnixMillis(*ReadReplayTime(options.from));
  // What the end of time brings, such as follow-ups that are due tomorrow, has not happened yet.
  // What came in this very millisecond has.
  if (options.input.empty()) range.until_ms = absl::ToUnixMillis(absl::Now()) + 1;
  if (!options.until.empty()) range.until_ms = absl::ToUnixMillis(*ReadReplayTime(options.until));
  if (range.from_ms < range.until_ms) return range;
  *call.err << "error: --from `" << options.from << "` is not before --until `" << options.until
            << "`\n";
  return std::nullopt;
}

void Print(const v1::ReplayReport& report, bool json, std::ostream& out) {
  std::string text;
  if (json) {
    publish::AppendJson(report, &text);
    text.push_back('\n');
  } else {
    text = ReplayText(report);
  }
  out << text << std::flush;
}

// So that the journeys that are open at the beginning are known, whichever policy joins more.
absl::Duration WarmUp(const ReplayOptions& options, const std::vector<PolicyRun>& runs) {
  absl::Duration warm_up;
  if (absl::ParseDuration(options.warm_up, &warm_up)) return warm_up;
  int64_t longest_ms = 0;
  for (const PolicyRun& run : runs) {
    longest_ms = std::max(longest_ms, run.policy.windows.journey_gap_ms);
  }
  return absl::Milliseconds(longest_ms);
}

KafkaReplayed ReadInput(const ReplayOptions& options, const replay::TimeRange& range,
                        const v1::Config& config, const std::vector<PolicyRun>& runs,
                        Invocation& call) {
  if (!options.input.empty()) return {ReplayFile(options, config, runs, call), std::nullopt};
  const absl::Duration warm_up = WarmUp(options, runs);
  const absl::Time begin = absl::FromUnixMillis(range.from_ms) - warm_up;
  if (!call.quiet) {
    *call.err << "reading from " << TimeText(absl::ToUnixMillis(begin)) << ", "
              << absl::FormatDuration(warm_up) << " before --from\n";
  }
  return ReplayKafka(config, runs, begin, absl::FromUnixMillis(range.until_ms), call);
}

ExitCode Replay(const ReplayOptions& options, Invocation& call) {
  if (options.input.empty() && options.from.empty()) {
    *call.err << "error: --from is needed to read from Kafka, or --input to read a file\n";
    return ExitCode::kUsage;
  }
  const std::optional<replay::TimeRange> range = RangeOf(options, call);
  if (!range) return ExitCode::kUsage;
  const std::optional<LoadedConfig> loaded = LoadCallConfig(call);
  if (!loaded) return ExitCode::kConfigError;
  const v1::Config& config = loaded->config;
  const std::string& against = options.against.empty() ? config.policy().file() : options.against;
  const std::optional<RunPolicy> before =
      LoadRunPolicy(against, *loaded, runtime::RunsOn::kFile, call);
  const std::optional<RunPolicy> after =
      LoadRunPolicy(options.policy, *loaded, runtime::RunsOn::kFile, call);
  if (!before || !after) return ExitCode::kConfigError;

  replay::PolicyTrace trace_before(*range);
  replay::PolicyTrace trace_after(*range);
  const KafkaReplayed result = ReadInput(
      options, *range, config,
      {TracedRun(before->compiled, trace_before), TracedRun(after->compiled, trace_after)}, call);
  const Replayed& replayed = result.replayed;
  if (!replayed.complete) {
    for (const replay::PolicyTrace* trace : {&trace_before, &trace_after}) {
      if (trace->status().ok()) continue;
      *call.err << "error: " << trace->status().message() << "\nhelp: compare a shorter range\n";
    }
    return replayed.code;
  }
  v1::ReplayReport report =
      replay::CompareReplays(ReplayedBy(trace_before, before->compiled, replayed, 0),
                             ReplayedBy(trace_after, after->compiled, replayed, 1),
                             {*range, options.show, options.bad_below});
  if (result.lost) *report.mutable_lost() = *result.lost;
  Print(report, options.format == "json", *call.out);
  const bool same = report.total().different() == 0;
  return options.expect_same && !same ? ExitCode::kChecksFailed : replayed.code;
}

}  // namespace

Command ReplayCommand() {
  return {.name = "replay",
          .summary = "Compare the alerts of two policies on recorded input",
          .examples =
              "peakend replay --input events.ndjson --policy new.yaml\n"
              "peakend replay --input events.ndjson --policy new.yaml --against old.yaml "
              "--format json\n"
              "peakend replay --config peakend.yaml --policy new.yaml --from 2026-11-01T00:00Z "
              "--until 2026-11-08T00:00Z\n"
              "peakend replay --input events.ndjson --policy new.yaml --expect-same\n",
          .takes_config = true,
          .setup = [](CLI::App& app) -> Action {
            auto options = std::make_shared<ReplayOptions>();
            AddReplayFlags(app, *options);
            return [options](Invocation& call) { return Replay(*options, call); };
          }};
}

}  // namespace peakend::cli
