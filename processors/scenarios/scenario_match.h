// Is a record what a scenario expects?
//
// An expectation is a subset: only the members that it names are compared. Numbers agree within
// 1e-6. Beside plain values there are
//
//   "@20s"                     the time 20 s after the scenario's start, in ms
//   {above: x}, {below: x}     a range, open at both ends; both may be named
//   absent: [names]            members that must not be there
//
// Lists are compared whole and in order, element by element.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_SCENARIOS_SCENARIO_MATCH_H_
#define PEAKEND_PROCESSORS_SCENARIOS_SCENARIO_MATCH_H_

#include <string>
#include <string_view>
#include <vector>

#include "boost/json/array.hpp"
#include "boost/json/value.hpp"
#include "processors/runtime/config/yaml_tree.h"

namespace peakend::scenarios {

// One thing that is not as expected.
struct Difference {
  std::string where;     // "journeys[0].score"
  std::string expected;  // for people, as in "0.4", "above 0.5" or "3 elements"
  std::string got;       // likewise; "nothing" = it is absent
  // Where the expectation stands in its file, from 1; 0 = nothing that the file says.
  int line = 0;
  // In which other arrival it shows, such as "with 4 partitions"; empty = as the file has it.
  std::string variant = {};
};

// Appends the differences between the expectation and what is there, which is called `where`.
void Match(const runtime::YamlNode& want, const boost::json::value& got, std::string_view where,
           std::vector<Difference>* differences);

// The same for values of which neither is an expectation: both must have the same members.
void Compare(const boost::json::value& want, const boost::json::value& got,
             const std::string& where, std::vector<Difference>* differences);

}  // namespace peakend::scenarios

#endif  // PEAKEND_PROCESSORS_SCENARIOS_SCENARIO_MATCH_H_
