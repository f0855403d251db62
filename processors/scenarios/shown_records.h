// Which records a failed scenario shows, and what of them: those of the topics that differ, with
// what somebody who reads a story can use.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_SCENARIOS_SHOWN_RECORDS_H_
#define PEAKEND_PROCESSORS_SCENARIOS_SHOWN_RECORDS_H_

#include <string>
#include <vector>

#include "processors/scenarios/outcome.h"
#include "processors/scenarios/scenario_match.h"

namespace peakend::scenarios {

// In the order of writing. All records where a difference is about none of the topics, such as
// the exit code.
std::vector<const OutputRecord*> ShownRecords(const Outcome& outcome,
                                              const std::vector<Difference>& differences);

// Names and values of the JSON object `value`, for people: "score -0.4, rule low"; without what
// is empty, 0 or false, and without lists and objects. As it is when it is no object.
std::string InShort(const std::string& value);

}  // namespace peakend::scenarios

#endif  // PEAKEND_PROCESSORS_SCENARIOS_SHOWN_RECORDS_H_
