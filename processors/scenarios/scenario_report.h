// What became of scenarios, for a terminal, for programs and for CI systems.
//
// Thread-safety: pure functions. They append to `out` and never clear it.
#ifndef PEAKEND_PROCESSORS_SCENARIOS_SCENARIO_REPORT_H_
#define PEAKEND_PROCESSORS_SCENARIOS_SCENARIO_REPORT_H_

#include <string>
#include <vector>

#include "boost/json/object.hpp"
#include "processors/scenarios/scenario.h"
#include "processors/scenarios/scenario_run.h"

namespace peakend::scenarios {

// A scenario and what came of it.
struct Verdict {
  Scenario scenario;
  ScenarioResult result;
  double seconds = 0;
};

// How many of the last records of what differs, and how many differences, a report shows.
inline constexpr size_t kRecordsShown = 12;
inline constexpr size_t kDifferencesShown = 20;

// The line "FAILED name: why", the differences with file:line, expected and got, the last
// records of the topics that differ, and what the program said. Ends with a line feed.
void AppendFailure(const Verdict& verdict, std::string* out);

// "12 scenarios, 1 failed" and a line feed.
void AppendSummary(const std::vector<Verdict>& verdicts, std::string* out);

// {"name", "file", "line", "passed", "differences": [{"where", "line", "variant", "expected",
// "got"}]}; without the records, which may be many.
boost::json::object VerdictJson(const Verdict& verdict);

// JUnit XML: a testsuite per file, a testcase per scenario; valid XML whatever the texts hold.
void AppendJUnit(const std::vector<Verdict>& verdicts, std::string* out);

}  // namespace peakend::scenarios

#endif  // PEAKEND_PROCESSORS_SCENARIOS_SCENARIO_REPORT_H_
