// Fills a message from a YAML tree, field by field, as its (rule) options say.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_MESSAGE_READER_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_MESSAGE_READER_H_

#include <functional>
#include <set>
#include <string>

#include "google/protobuf/message.h"
#include "processors/runtime/config/origin.h"
#include "processors/runtime/config/problems.h"
#include "processors/runtime/config/references.h"
#include "processors/runtime/config/yaml_tree.h"

namespace peakend::runtime {

// What a load collects on its way.
struct LoadState {
  ReferenceScope scope;
  Origins origins;
  // Paths whose value, or an entry of whose list, was refused; they are not missing.
  std::set<std::string, std::less<>> refused;
  Problems problems;
};

// Reads `root` into `message`. A field with a problem keeps its default. Every
// field, map and list that stands in the file gets an origin. Of a list with more entries than
// it may have, so many are read.
void ReadMessage(const std::string& file_name, const YamlNode& root,
                 google::protobuf::Message& message, LoadState& state);

// Gives every field without an origin its default, and text that was set to ""
// too; reports required fields that are missing or empty.
void ApplyDefaults(google::protobuf::Message& message, LoadState& state);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_MESSAGE_READER_H_
