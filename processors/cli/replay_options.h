// What a call of `peakend replay` asks for, and what reading its input came to.
#ifndef PEAKEND_PROCESSORS_CLI_REPLAY_OPTIONS_H_
#define PEAKEND_PROCESSORS_CLI_REPLAY_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "processors/cli/exit_code.h"
#include "processors/runtime/engine_stats.h"

namespace CLI {
class App;
}

namespace peakend::cli {

struct ReplayOptions {
  std::string input;  // file; empty = from Kafka, - = standard input
  std::string input_format = "json";
  int32_t partitions = 1;  // of a file
  std::string policy;
  std::string against;  // empty = that of the configuration
  std::string from;
  std::string until;
  std::string warm_up;
  size_t show = 20;
  std::optional<double> bad_below;
  std::string format = "text";
  bool expect_same = false;
};

// Declares the flags. `options` must outlive `app`.
void AddReplayFlags(CLI::App& app, ReplayOptions& options);

// A time in RFC 3339, also without seconds, or a date, which begins in UTC.
std::optional<absl::Time> ReadReplayTime(const std::string& text);

// What the engines came to, by policy. Where `code` says that it failed, the errors were printed.
struct Replayed {
  ExitCode code = ExitCode::kOk;
  bool complete = false;
  std::vector<runtime::EngineStats> stats;
  int64_t malformed = 0;  // lines that are no event
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_REPLAY_OPTIONS_H_
