// One pass of `peakend test` over its scenarios, and what is said of it.
#ifndef PEAKEND_PROCESSORS_CLI_TEST_RUN_H_
#define PEAKEND_PROCESSORS_CLI_TEST_RUN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "processors/cli/exit_code.h"
#include "processors/cli/invocation.h"

namespace peakend::cli {

struct TestOptions {
  std::vector<std::string> paths;
  std::string only;            // part of a name; empty = all
  std::string default_policy;  // of scenarios that name none; empty = the built-in one
  std::string junit;           // a file to write; empty = none
  bool json = false;
  bool coverage = false;     // show what of each policy the scenarios cover
  int64_t coverage_min = 0;  // percent; less counts as not as expected
};

struct TestsDone {
  // kOk: all as expected; kChecksFailed: not, or no scenario was chosen; kUsage, kConfigError:
  // what is wrong is on `err`; kBug: the program itself failed.
  ExitCode code = ExitCode::kOk;
  // Policies and scenarios as far as they were known before it ended.
  std::vector<std::string> files;
};

// Reads everything anew, runs it and reports: results on `out`, talk on `err`.
TestsDone RunTests(const TestOptions& options, Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_TEST_RUN_H_
