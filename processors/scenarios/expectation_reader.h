// Checks what a scenario expects against the contracts of the outputs, before anything runs:
// a field that no record has would be missed in every run.
//
// Thread-safety: pure, but for the problems that it adds.
#ifndef PEAKEND_PROCESSORS_SCENARIOS_EXPECTATION_READER_H_
#define PEAKEND_PROCESSORS_SCENARIOS_EXPECTATION_READER_H_

#include "processors/scenarios/file_problems.h"

namespace peakend::scenarios {

// `expect` is the map of that name. What may stand in it: scenario_check.h; how values are
// compared: scenario_match.h.
void CheckExpectation(const runtime::YamlNode& expect, FileProblems& problems);

}  // namespace peakend::scenarios

#endif  // PEAKEND_PROCESSORS_SCENARIOS_EXPECTATION_READER_H_
