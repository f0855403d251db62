// YAML of a compact event -> its members, each checked for its form.
//
// Thread-safety: pure, but for the problems that it adds.
#ifndef PEAKEND_PROCESSORS_SCENARIOS_EVENT_READER_H_
#define PEAKEND_PROCESSORS_SCENARIOS_EVENT_READER_H_

#include "boost/json/object.hpp"
#include "processors/scenarios/file_problems.h"

namespace peakend::scenarios {

// Texts stay text though they look like numbers; roles get the letters of the contract; a
// member that is wrong is a problem and left out.
boost::json::object ReadCompactEvent(const runtime::YamlNode& node, FileProblems& problems);

// Whether what goes together is together: at most one payload, `raw`, `rating` and `survey`
// with a `scale`, a `baseline` with `cells`. `event` has the scenario's defaults; `at` is
// where it stands.
void CheckCompactEvent(const boost::json::object& event, const runtime::YamlNode& at,
                       FileProblems& problems);

}  // namespace peakend::scenarios

#endif  // PEAKEND_PROCESSORS_SCENARIOS_EVENT_READER_H_
