// Messages from JSON text: the way back of publish/json.h, for what comes line by line.
//
// Reads proto3's JSON mapping as protobuf's own parser does, at a tenth of its time per
// event (that one describes the types to itself anew for each text): names in
// snake_case or lowerCamelCase; numbers also as strings, and whole ones also as 1.0 or
// 1e3; NaN, Infinity and -Infinity as strings; enums by name or number; bytes in base64,
// plain or URL-safe, padded or not; null is a field that is not set, and nothing else.
// A Duration is a string such as 1.5s, or an object; other well-known types get no special form.
//
// Stricter than that parser: RFC 8259 is the syntax (no single quotes, bare names or
// trailing commas); no field is there twice; neither true and false nor the number of
// an enum is quoted; a quoted number has JSON's form; a single value is no array, nor
// are arrays in arrays; and a number that its type cannot hold, be it too near to zero,
// is not rounded. -0 is the double -0.
//
// Bounds: objects and arrays are at most 100 deep; the text is as long as the caller
// lets it be, and the reader keeps as much memory as the longest string took.
//
// Thread-safety: none; a reader for each thread. Descriptors of what it read outlive it.
#ifndef PEAKEND_PROCESSORS_ADAPTERS_JSON_READER_H_
#define PEAKEND_PROCESSORS_ADAPTERS_JSON_READER_H_

#include <memory>
#include <string_view>

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace peakend::adapters {

class JsonReader {
 public:
  JsonReader();
  ~JsonReader();

  // Clears `message` and fills it from `json`, one object and nothing else. Errors:
  // InvalidArgument says where and what was expected ("turn.sentiment.raw: not a
  // number"), names a field that there is not ("unknown field `turn.txt`") or says at
  // which byte the text stops being JSON. It holds nothing of the text but that name,
  // and `message` is then half filled.
  absl::Status Read(std::string_view json, google::protobuf::Message* message);

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace peakend::adapters

#endif  // PEAKEND_PROCESSORS_ADAPTERS_JSON_READER_H_
