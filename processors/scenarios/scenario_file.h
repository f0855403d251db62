// Scenarios from the text of a file: a YAML list (JSON is YAML), each entry a map of
//
//   name, why          what it is, and in one sentence why it must be so; names are unique
//   policy             a policy file, relative to this one, or "shipped"; optional
//   defaults           members that all its events share; optional
//   events             compact events in the order of arrival (compact_keys.h)
//   order_insensitive  true or false; optional
//   expect             what must come of it (scenario_check.h)
//
// Bounds: those of every YAML file of ours (yaml_tree.h), 10,000 events of one `repeat` and
// 100,000 of one scenario.
//
// Thread-safety: pure functions. No exception leaves them, whatever the bytes are.
#ifndef PEAKEND_PROCESSORS_SCENARIOS_SCENARIO_FILE_H_
#define PEAKEND_PROCESSORS_SCENARIOS_SCENARIO_FILE_H_

#include <string_view>
#include <vector>

#include "processors/runtime/config/diagnostic.h"
#include "processors/scenarios/scenario.h"

namespace peakend::scenarios {

inline constexpr int64_t kMostEvents = 100'000;

struct ScenarioFile {
  std::vector<Scenario> scenarios;  // in their order; not to be used when there are errors
  std::vector<runtime::Diagnostic> diagnostics;  // everything that is wrong, by its place
};

// A list with no entry, and an empty file, give no scenarios and no errors.
ScenarioFile ReadScenarioFile(std::string_view file_name, std::string_view text);

// Whether the text is a list, as scenario files are, and not a map, as policies are: by the
// first that is neither a comment nor blank. Cheap, and right about every file that is well
// formed.
bool LooksLikeScenarios(std::string_view text);

}  // namespace peakend::scenarios

#endif  // PEAKEND_PROCESSORS_SCENARIOS_SCENARIO_FILE_H_
