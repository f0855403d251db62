// JSON Schema (2020-12) of a configuration file, for editors and other checkers.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_JSON_SCHEMA_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_JSON_SCHEMA_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "google/protobuf/descriptor.h"

namespace peakend::runtime {

// Whether `${file:...}` may stand in the place of a text: in a configuration, not in a policy.
enum class References : uint8_t { kNone, kTexts };

// Indented JSON, made from the (rule) options. What the schema can't say (bounds
// of durations and sizes, rules between fields) stands in the descriptions or is left to `peakend
// check`. What it refuses, a load refuses as well, but for numbers and truth values in quotes and
// leaves without a value, which nobody means.
std::string JsonSchema(const google::protobuf::Descriptor& descriptor, std::string_view title,
                       References references);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_JSON_SCHEMA_H_
