#include "processors/publish/rows/connect_schema.h"

#include "absl/strings/str_cat.h"

namespace peakend::publish {
namespace {

using google::protobuf::FieldDescriptor;

absl::string_view ConnectType(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return "int32";
    case FieldDescriptor::CPPTYPE_INT64:
      return "int64";
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return "double";
    case FieldDescriptor::CPPTYPE_BOOL:
      return "boolean";
    default:
      return "string";
  }
}

}  // namespace

std::string ConnectSchema(const google::protobuf::Descriptor& row) {
  std::string schema = absl::StrCat(R"({"type":"struct","name":")", row.full_name(),
                                    R"(","optional":false,"fields":[)");
  for (int i = 0; i < row.field_count(); ++i) {
    const FieldDescriptor& field = *row.field(i);
    absl::StrAppend(&schema, i == 0 ? "" : ",", R"({"field":")", field.name(), R"(","type":")",
                    ConnectType(field), R"(","optional":)", field.has_presence() ? "true" : "false",
                    "}");
  }
  return absl::StrCat(schema, "]}");
}

}  // namespace peakend::publish
