// YAML nodes as JSON values.
//
// Plain `null`, `true`, `false` and numbers in JSON's form (also with a leading plus) are what
// they look like; everything else, and all that stands in quotes, is text.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_SCENARIOS_YAML_VALUE_H_
#define PEAKEND_PROCESSORS_SCENARIOS_YAML_VALUE_H_

#include <string>

#include "boost/json/value.hpp"
#include "processors/runtime/config/yaml_tree.h"

namespace peakend::scenarios {

// REQUIRES: a scalar or nothing.
boost::json::value ScalarValue(const runtime::YamlNode& node);
// The whole tree; as deep as the tree is, which ParseYaml bounds.
boost::json::value JsonValue(const runtime::YamlNode& node);

// The value of a key in a map, or null: there is none, or `map` is no map.
const runtime::YamlNode* Member(const runtime::YamlNode& map, std::string_view key);

// A value for people: JSON, with doubles to 9 digits and at most 200 bytes of a long one.
std::string ShowValue(const boost::json::value& value);

}  // namespace peakend::scenarios

#endif  // PEAKEND_PROCESSORS_SCENARIOS_YAML_VALUE_H_
