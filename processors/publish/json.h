// Messages as JSON text: one line per message, made by reflection, so that file
// mode, `tail` and tests show exactly the fields of the contracts.
//
// Form: names in snake_case as in the .proto; 64-bit integers as numbers; fields
// without presence are always printed; absent optional fields and absent
// sub-messages are left out; maps as objects with their keys in order; enums by
// name (values without a name as numbers); bytes in base64; a double as the
// shortest text that reads back as the same number. Well-known types get no
// special form. No spaces, no line breaks. The same message always gives the
// same bytes, and protobuf's own JSON parser reads them back.
//
// What JSON cannot say is made harmless: NaN and infinities become null, bytes
// of a string that are not UTF-8 become U+FFFD.
//
// Thread-safety: all functions are pure. They append to `out` and never clear it.
#ifndef PEAKEND_PROCESSORS_PUBLISH_JSON_H_
#define PEAKEND_PROCESSORS_PUBLISH_JSON_H_

#include <string>
#include <string_view>

#include "google/protobuf/message.h"

namespace peakend::publish {

// What becomes of a field without presence that holds its default.
enum class JsonDefaults {
  kPrint,  // the output contract
  kOmit,   // compact: for events, where a default says nothing
};

// Appends `message` as one JSON object. An empty message gives its defaults.
void AppendJson(const google::protobuf::Message& message, std::string* out);
void AppendJson(const google::protobuf::Message& message, JsonDefaults defaults, std::string* out);

// Appends `text` in quotes, escaped by RFC 8259; valid UTF-8 stays as it is.
void AppendJsonString(std::string_view text, std::string* out);

// Appends a finite `value` as the shortest text that reads back as the same number (1e+300, 0.25,
// 3), any other one as null.
void AppendJsonNumber(double value, std::string* out);

// Appends {"topic":...,"key":...,"value":{...}} and a line feed.
void AppendJsonLine(std::string_view topic, std::string_view key,
                    const google::protobuf::Message& message, std::string* out);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_JSON_H_
