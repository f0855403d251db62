// `peakend test --watch`: runs again when something that it read has changed.
#ifndef PEAKEND_PROCESSORS_CLI_TEST_WATCH_H_
#define PEAKEND_PROCESSORS_CLI_TEST_WATCH_H_

#include <functional>

#include "processors/cli/exit_code.h"
#include "processors/cli/invocation.h"
#include "processors/cli/test_run.h"

namespace peakend::cli {

// Runs once, and again after each call of `wait` that finds a change: a file of the last run or
// of a folder that was asked for is there or not, or has another time or size. What cannot be
// read in the middle of an edit is said, and tried again at the next change. Ends when `wait`
// gives false, with the code of the last run; a wrong call ends it at once.
ExitCode WatchTests(const TestOptions& options, const std::function<bool()>& wait,
                    Invocation& call);

// Looks once a second until SIGINT or SIGTERM.
ExitCode WatchUntilSignal(const TestOptions& options, Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_TEST_WATCH_H_
