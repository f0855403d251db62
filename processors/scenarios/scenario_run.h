// One scenario, in all the arrivals that its outcome must not depend on.
//
// Thread-safety: none of its own; a pipeline is called by one thread.
#ifndef PEAKEND_PROCESSORS_SCENARIOS_SCENARIO_RUN_H_
#define PEAKEND_PROCESSORS_SCENARIOS_SCENARIO_RUN_H_

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "processors/scenarios/outcome.h"
#include "processors/scenarios/scenario.h"
#include "processors/scenarios/scenario_event.h"
#include "processors/scenarios/scenario_match.h"

namespace peakend::scenarios {

// The whole program under one policy, on lines that are split by key into `partitions`. Errors
// are those of the program, not of what the lines say.
using Pipeline =
    std::function<absl::StatusOr<Outcome>(const std::vector<InputLine>& lines, int32_t partitions)>;

struct ScenarioResult {
  std::vector<InputLine> lines;
  Outcome outcome;  // of the lines as they stand
  std::vector<Difference> differences;

  bool passed() const { return differences.empty(); }
};

// Every scenario that expects no late events also runs with four partitions, and one that is
// order_insensitive in other orders and with every event twice; all must give the same
// journeys. Errors: those of the pipeline.
absl::StatusOr<ScenarioResult> RunScenario(const Scenario& scenario, const Pipeline& pipeline);

}  // namespace peakend::scenarios

#endif  // PEAKEND_PROCESSORS_SCENARIOS_SCENARIO_RUN_H_
