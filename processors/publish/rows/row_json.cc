#include "processors/publish/rows/row_json.h"

#include <charconv>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "processors/publish/json.h"

namespace peakend::publish {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

void AppendWhole(int64_t value, std::string* out) {
  char buffer[24];
  const auto result = std::to_chars(buffer, buffer + sizeof(buffer), value);
  out->append(buffer, result.ptr);
}

void AppendColumn(const Message& row, const Reflection& reflection, const FieldDescriptor* field,
                  std::string* out) {
  std::string scratch;  // strings of a generated message stay where they are
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return AppendWhole(reflection.GetInt32(row, field), out);
    case FieldDescriptor::CPPTYPE_INT64:
      return AppendWhole(reflection.GetInt64(row, field), out);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return AppendJsonNumber(reflection.GetDouble(row, field), out);
    case FieldDescriptor::CPPTYPE_BOOL:
      out->append(reflection.GetBool(row, field) ? "true" : "false");
      return;
    default:
      return AppendJsonString(reflection.GetStringReference(row, field, &scratch), out);
  }
}

}  // namespace

RowJson::RowJson(const google::protobuf::Descriptor& row) {
  columns_.reserve(static_cast<size_t>(row.field_count()));
  for (int i = 0; i < row.field_count(); ++i) {
    const FieldDescriptor* const field = row.field(i);
    columns_.push_back(
        {field, absl::StrCat(i == 0 ? "{\"" : ",\"", field->name(), "\":"), field->has_presence()});
  }
}

void RowJson::Append(const Message& row, std::string* out) const {
  const Reflection& reflection = *row.GetReflection();
  for (const Column& column : columns_) {
    out->append(column.before);
    if (column.may_be_null && !reflection.HasField(row, column.field)) {
      out->append("null");
    } else {
      AppendColumn(row, reflection, column.field, out);
    }
  }
  out->push_back('}');
}

}  // namespace peakend::publish
