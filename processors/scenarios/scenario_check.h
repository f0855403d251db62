// What a scenario expects against what came out. `expect` may name
//
//   journeys    the newest version of each journey that is not deleted, by start
//   alerts      every alert record, in order
//   cards       every opening card record, in order
//   statistics  every row of the touchpoint statistics, in order
//   moments     each must be among the newest versions that are not deleted
//   merged_into customers into whose rows the newest versions of others' rows were withdrawn,
//               each once, in the order of their ids
//   rejected    every rejected record, in order
//   late        number of late events
//   revisions   number of records by topic, under the topics' default names
//   nowhere     texts that no output record may contain
//   stderr      texts that `peakend run` must say on standard error
//   exit        its exit code, default 0
//
// What `expect` does not name is not checked.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_SCENARIOS_SCENARIO_CHECK_H_
#define PEAKEND_PROCESSORS_SCENARIOS_SCENARIO_CHECK_H_

#include <vector>

#include "processors/scenarios/outcome.h"
#include "processors/scenarios/scenario_match.h"

namespace peakend::scenarios {

// In the order of the list above, but for the exit code, which comes first.
std::vector<Difference> CheckOutcome(const runtime::YamlNode& expect, const Outcome& outcome);

}  // namespace peakend::scenarios

#endif  // PEAKEND_PROCESSORS_SCENARIOS_SCENARIO_CHECK_H_
