// The policies that scenarios run under: each with the program under it and its coverage.
//
// Thread-safety: none; one owner.
#ifndef PEAKEND_PROCESSORS_CLI_TEST_BENCH_H_
#define PEAKEND_PROCESSORS_CLI_TEST_BENCH_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "processors/cli/invocation.h"
#include "processors/cli/run_settings.h"
#include "processors/scenarios/policy_coverage.h"
#include "processors/scenarios/scenario_run.h"

namespace peakend::cli {

// REQUIRES of the pipeline: it is called while the bench lives.
struct TestBench {
  std::unique_ptr<const RunSettings> settings;
  scenarios::Pipeline pipeline;
  scenarios::CoverageBoard coverage;
};

class TestBenches {
 public:
  // The bench of a policy file, "" = the built-in one; it stays where it is. Null: what is
  // wrong with the policy is on `err`, end with kConfigError.
  TestBench* Get(const std::string& policy_file, Invocation& call);

  // In the order of the files' names.
  std::vector<scenarios::PolicyCoverage> Coverages() const;

 private:
  std::map<std::string, std::unique_ptr<TestBench>> benches_;
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_TEST_BENCH_H_
