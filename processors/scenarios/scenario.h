// A story with what must come of it, as its file tells it.
//
// Values; what a scenario holds was checked when it was read (scenario_file.h): each member of
// an event has the form that compact_keys.h asks for, and `expect` names fields that there are.
#ifndef PEAKEND_PROCESSORS_SCENARIOS_SCENARIO_H_
#define PEAKEND_PROCESSORS_SCENARIOS_SCENARIO_H_

#include <string>
#include <vector>

#include "boost/json/object.hpp"
#include "processors/runtime/config/yaml_tree.h"

namespace peakend::scenarios {

struct Scenario {
  std::string name;
  std::string why;
  std::string file;  // as it was asked for
  int line = 0;      // of the scenario in `file`, from 1
  // As written: relative to the folder of `file`; "shipped" = the built-in one; empty = none.
  std::string policy;
  // Members that all events share.
  boost::json::object defaults;
  std::vector<boost::json::object> events;  // in the order of arrival
  // Any order within the allowed lateness, and duplicates, must give the same journeys.
  bool order_insensitive = false;
  // A map; keeps its places, so that a difference can name its line.
  runtime::YamlNode expect;
};

}  // namespace peakend::scenarios

#endif  // PEAKEND_PROCESSORS_SCENARIOS_SCENARIO_H_
