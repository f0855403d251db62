// The demo: an embedded broker, a day produced to it, the worker of `peakend run`
// on it, and what comes out shown to a person.
#ifndef PEAKEND_PROCESSORS_CLI_DEMO_RUN_H_
#define PEAKEND_PROCESSORS_CLI_DEMO_RUN_H_

#include "absl/time/time.h"
#include "processors/cli/demo_screen.h"
#include "processors/cli/exit_code.h"
#include "processors/cli/invocation.h"

namespace peakend::cli {

struct DemoOptions {
  DemoScreen::Language language = DemoScreen::Language::kEnglish;
  // How long the day takes to be told.
  absl::Duration day_takes = absl::Seconds(3);
};

// Uses no configuration and no environment: the demo is the same everywhere. Ends
// by itself, at the latest after a minute. kUnavailable: the embedded broker cannot
// start or does not answer in time.
ExitCode RunDemo(const DemoOptions& options, Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_DEMO_RUN_H_
