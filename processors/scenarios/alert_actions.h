// Which alerts the actions of a scenario are about: a story names a rule, an action needs the id.
//
// Thread-safety: none of its own; a pipeline is called by one thread.
#ifndef PEAKEND_PROCESSORS_SCENARIOS_ALERT_ACTIONS_H_
#define PEAKEND_PROCESSORS_SCENARIOS_ALERT_ACTIONS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "processors/scenarios/scenario_match.h"
#include "processors/scenarios/scenario_run.h"

namespace peakend::scenarios {

// Puts into each line that acts on a rule the id of the newest alert of that rule and customer
// that the lines before it raise by its time. The lines before are run for each of them. Returns
// a difference for each line whose alert there is not. Errors: those of the pipeline.
absl::StatusOr<std::vector<Difference>> NameAlerts(const Pipeline& pipeline,
                                                   std::vector<InputLine>& lines);

}  // namespace peakend::scenarios

#endif  // PEAKEND_PROCESSORS_SCENARIOS_ALERT_ACTIONS_H_
