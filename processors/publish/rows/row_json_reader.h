// Reads flat rows of one type from JSON: an object as row_json.h writes it, or that object as
// the "payload" of another one.
//
// The syntax is RFC 8259. Names are those of the .proto; numbers may be quoted, whole ones also be
// 1.0 or 1e3; null is a field that is not set. What the row has no field for is passed over,
// whatever it holds, at most 32 levels deep. A field that is there twice is an error.
//
// Thread-safety: immutable once made; any thread may call. The descriptor outlives the object.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_ROW_JSON_READER_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_ROW_JSON_READER_H_

#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace peakend::publish {

class RowJsonReader {
 public:
  enum class Shape { kRow, kPayload };
  using Fields = absl::flat_hash_map<std::string, const google::protobuf::FieldDescriptor*>;

  // REQUIRES: the fields of `row` are single scalars.
  explicit RowJsonReader(const google::protobuf::Descriptor& row);

  // Clears `row` and fills it from `json`, one object and nothing else. Errors: InvalidArgument
  // names the field and what was expected, or the byte at which the text stops being JSON, and
  // says nothing of the values. REQUIRES: `row` is of the type of the constructor.
  absl::Status Read(std::string_view json, Shape shape, google::protobuf::Message* row) const;

 private:
  Fields fields_;
};

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_ROW_JSON_READER_H_
