// Writes flat rows of one type as JSON objects. json.h does so for any message; here the fields'
// names are text already, and every field is there: columns of a warehouse do not come and go.
//
// The form: framing.h. Thread-safety: immutable once made; any thread may call. The descriptor
// outlives the object.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_ROW_JSON_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_ROW_JSON_H_

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace peakend::publish {

class RowJson {
 public:
  // REQUIRES: the fields of `row` are strings, bools, int32, int64 and double, none repeated.
  explicit RowJson(const google::protobuf::Descriptor& row);

  // Appends `row` as one object. REQUIRES: it is of the type of the constructor.
  void Append(const google::protobuf::Message& row, std::string* out) const;

 private:
  struct Column {
    const google::protobuf::FieldDescriptor* field;
    std::string before;  // ,"name":
    bool may_be_null;
  };
  std::vector<Column> columns_;
};

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_ROW_JSON_H_
