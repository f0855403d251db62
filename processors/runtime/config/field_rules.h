// What the (rule) option of a field says, and setting a field by it.
//
// A leaf is a field that takes one value: a scalar or a Duration. Everything here
// works on any message whose fields are leaves, messages, lists of messages or texts,
// and maps of strings; configuration and policy are such messages. What the program
// fills in by itself (rule.derived) may have any form.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_FIELD_RULES_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_FIELD_RULES_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "peakend/v1/field_rule.pb.h"
#include "processors/runtime/config/problems.h"

namespace peakend::runtime {

enum class FieldKind {
  kString,
  kBool,
  kUint,
  kBytes,
  kDouble,
  kDuration,
  kMessage,
  kList,   // of messages
  kTexts,  // a list of strings
  kMap
};

// The fields that people write, in order.
std::vector<const google::protobuf::FieldDescriptor*> WrittenFields(
    const google::protobuf::Descriptor& descriptor);
// The one of that name; null when there is none.
const google::protobuf::FieldDescriptor* FindWrittenField(
    const google::protobuf::Descriptor& descriptor, const std::string& name);

FieldKind KindOf(const google::protobuf::FieldDescriptor& field);
bool IsLeaf(const google::protobuf::FieldDescriptor& field);
const v1::FieldRule& RuleOf(const google::protobuf::FieldDescriptor& field);

// A message that may be written as plain text, which then is its first field:
// `moments: my-topic`. Marked by a default_value on the message field.
bool HasShortForm(const google::protobuf::FieldDescriptor& field);

// Sets a leaf from text and checks bounds and allowed values. On a problem the
// field is unchanged.
std::optional<Problem> SetLeaf(const google::protobuf::FieldDescriptor& field,
                               std::string_view text, google::protobuf::Message& message);

// The value as a user would write it.
std::string LeafText(const google::protobuf::FieldDescriptor& field,
                     const google::protobuf::Message& message);

// Sets one entry of a map<string, string>; the last value of a key counts.
void SetMapEntry(const google::protobuf::FieldDescriptor& field, const std::string& key,
                 const std::string& value, google::protobuf::Message& message);

// The entries of a map<string, string>, in the order of their keys.
std::map<std::string, std::string> MapEntries(const google::protobuf::FieldDescriptor& field,
                                              const google::protobuf::Message& message);

// "a duration such as `250ms`, `30s` or `3d`".
std::string DescribeForm(FieldKind kind);

// Names of the fields that people write, in order.
std::vector<std::string> FieldNames(const google::protobuf::Descriptor& descriptor);

// "kafka" + "group_id" -> "kafka.group_id".
std::string JoinPath(std::string_view prefix, std::string_view name);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_FIELD_RULES_H_
