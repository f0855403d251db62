// One field of a message from one JSON value that is neither null, object nor array.
//
// Thread-safety: pure. What each kind of field takes: json_reader.h.
#ifndef PEAKEND_PROCESSORS_ADAPTERS_JSON_FIELD_H_
#define PEAKEND_PROCESSORS_ADAPTERS_JSON_FIELD_H_

#include <string_view>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace peakend::adapters {

struct JsonScalar {
  enum class Kind { kNumber, kString, kFalse, kTrue };
  Kind kind = Kind::kNumber;
  // A number as it was written, valid by RFC 8259; a string without its escapes,
  // valid UTF-8.
  std::string_view text;
};

// Sets `field`, which holds no messages, or adds to it when it is repeated. Returns
// what is wrong with the value ("not a number"), nothing when it was set. `reflection`:
// the message's; asking for it takes as long as to set the field.
std::string_view SetField(const JsonScalar& value, const google::protobuf::FieldDescriptor& field,
                          const google::protobuf::Reflection& reflection,
                          google::protobuf::Message* message);

// Whether a string is a value of `field`: a Duration is written as one.
bool IsDuration(const google::protobuf::FieldDescriptor& field);
// Sets a Duration from seconds with at most nine decimals and an s, such as 1.5s. Returns as
// SetField. REQUIRES: `message` is a google.protobuf.Duration.
std::string_view SetDuration(std::string_view text, google::protobuf::Message* message);

// What is wrong with a value of another kind than the field's.
std::string_view WrongKind(const google::protobuf::FieldDescriptor& field);

}  // namespace peakend::adapters

#endif  // PEAKEND_PROCESSORS_ADAPTERS_JSON_FIELD_H_
