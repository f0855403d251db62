#include "processors/cli/file_replay.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "processors/cli/replay_progress.h"
#include "processors/cli/run_settings.h"

namespace peakend::cli {
namespace {

// Nothing of a stream that cannot be wound, such as a pipe.
std::optional<std::streamoff> SizeOf(std::istream& in) {
  in.seekg(0, std::ios::end);
  const std::streamoff size = in.tellg();
  in.clear();
  in.seekg(0);
  in.clear();
  if (size <= 0) return std::nullopt;
  return size;
}

Replayed ReplayStream(const ReplayOptions& options, const v1::Config& config,
                      std::vector<PolicyRun> runs, std::istream& in,
                      std::optional<std::streamoff> size, Invocation& call) {
  FileRunOptions run_options;
  run_options.input_name = options.input;
  run_options.format = options.input_format == "binary" ? EventFormat::kBinary : EventFormat::kJson;
  run_options.partitions = options.partitions;
  run_options.now_ms = absl::ToUnixMillis(absl::Now());
  run_options.limits = IngestLimits(config);
  run_options.topics = config.topics();
  run_options.keeps_policies = true;
  FileRun run(std::move(run_options), std::move(runs), *call.err);
  ReplayProgress progress(call);
  run.OnProgress([&](int64_t line) {
    std::optional<double> share;
    if (size && in.good()) share = static_cast<double>(in.tellg()) / static_cast<double>(*size);
    progress.Show(line, share, absl::Now());
  });
  const absl::StatusOr<FileRunSummary> summary = run.Run(in);
  Replayed replayed;
  if (!summary.ok()) {
    *call.err << "error: " << options.input << ": " << summary.status().message() << "\n";
    replayed.code = absl::IsDataLoss(summary.status()) ? ExitCode::kBadData : ExitCode::kForced;
    return replayed;
  }
  replayed.complete = true;
  replayed.stats = summary->stats;
  replayed.malformed = summary->malformed;
  if (summary->set_aside > 0 || summary->malformed > 0) replayed.code = ExitCode::kBadData;
  return replayed;
}

}  // namespace

Replayed ReplayFile(const ReplayOptions& options, const v1::Config& config,
                    std::vector<PolicyRun> runs, Invocation& call) {
  if (options.input == "-") {
    return ReplayStream(options, config, std::move(runs), *call.in, std::nullopt, call);
  }
  std::ifstream in(options.input, std::ios::binary);
  if (!in) {
    *call.err << "error: cannot read `" << options.input << "`: " << std::strerror(errno) << "\n";
    return {.code = ExitCode::kUsage, .complete = false, .stats = {}, .malformed = 0};
  }
  const std::optional<std::streamoff> size = SizeOf(in);
  return ReplayStream(options, config, std::move(runs), in, size, call);
}

}  // namespace peakend::cli
