// peakend bench: the suite of benchmarks, which is a program of its own beside this one.
#ifndef PEAKEND_PROCESSORS_CLI_BENCH_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_BENCH_COMMAND_H_

#include <string>

#include "processors/cli/command.h"

namespace peakend::cli {

Command BenchCommand();

// The suite's program: in the folder that PEAKEND_BENCHMARKS of the environment names, else in the
// source tree that `program`, the path of this executable, was built in. Empty where it is not.
std::string FindBenchRunner(const std::string& program, const Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_BENCH_COMMAND_H_
