#include "processors/cli/baseline_command.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "processors/cli/kafka_talk.h"
#include "processors/cli/loaded_config.h"
#include "processors/publish/json.h"
#include "processors/runtime/kafka_baseline.h"

namespace peakend::cli {
namespace {

ExitCode Learn(bool print, Invocation& call) {
  const std::optional<LoadedConfig> loaded = LoadCallConfig(call);
  if (!loaded) return ExitCode::kConfigError;
  auto learner = runtime::KafkaBaseline::Open(loaded->config, KafkaTalk(call), kClusterLimit);
  if (!learner.ok()) return ReportKafkaError(learner.status(), call);
  const absl::StatusOr<v1::Baseline> baseline =
      (*learner)->Learn(absl::Now(), [] { return false; });
  if (!baseline.ok()) return ReportKafkaError(baseline.status(), call);
  if (print) {
    std::string line;
    publish::AppendJson(*baseline, publish::JsonDefaults::kOmit, &line);
    *call.out << line << "\n";
    return ExitCode::kOk;
  }
  if (baseline->cells().empty()) {
    *call.err << "no waits in " << (*learner)->rows() << " rows of statistics: nothing to tell\n";
    return ExitCode::kOk;
  }
  const absl::StatusOr<int32_t> partitions = (*learner)->Write(*baseline, kDeliveryLimit);
  if (!partitions.ok()) {
    *call.err << "help: call it again; a baseline that stands in a partition twice does no harm\n";
    return ReportKafkaError(partitions.status(), call);
  }
  if (!call.quiet) {
    *call.err << "baseline " << baseline->version() << ": " << baseline->cells_size()
              << " cells of " << (*learner)->rows() << " rows, written to " << *partitions
              << " partitions\n";
  }
  return ExitCode::kOk;
}

}  // namespace

Command BaselineCommand() {
  return {.name = "baseline",
          .summary = "Learn what customers usually wait from the statistics, and tell the workers",
          .examples =
              "peakend baseline --print            # look first\n"
              "peakend baseline                    # workers do it by themselves every hour\n"
              "peakend baseline --print -X baseline.window=7d\n",
          .takes_config = true,
          .setup = [](CLI::App& app) -> Action {
            auto print = std::make_shared<bool>(false);
            app.add_flag("--print", *print, "Print the baseline as JSON and write nothing");
            return [print](Invocation& call) { return Learn(*print, call); };
          }};
}

}  // namespace peakend::cli
