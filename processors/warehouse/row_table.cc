#include "processors/warehouse/row_table.h"

namespace peakend::warehouse {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

ColumnType TypeOf(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64:
      return ColumnType::kBigint;
    case FieldDescriptor::CPPTYPE_INT32:
      return ColumnType::kInteger;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return ColumnType::kDouble;
    case FieldDescriptor::CPPTYPE_BOOL:
      return ColumnType::kBoolean;
    default:
      return field.name() == "business_date" ? ColumnType::kDate : ColumnType::kText;
  }
}

// Strings that are never NULL: without them a row cannot be found or trusted.
bool IsRequiredText(const FieldDescriptor& field) {
  return field.number() == 1 || field.name() == "tenant_id" || field.name() == "customer_key" ||
         field.name() == "source_topic" || field.name() == "amend_reason";
}

Column ColumnOf(const FieldDescriptor& field) {
  const ColumnType type = TypeOf(field);
  const bool nullable =
      type == ColumnType::kText ? !IsRequiredText(field) : field.has_optional_keyword();
  return {field.name(), type, nullable, &field};
}

RowTable TableOf(RowKind kind, publish::Framing framing, uint32_t schema_id) {
  const Message& prototype = publish::RowPrototype(kind);
  RowTable table{kind,
                 std::string(kRowTables[publish::IndexOf(kind)]),
                 &prototype,
                 publish::RowFraming(framing, schema_id, *prototype.GetDescriptor()),
                 {}};
  const google::protobuf::Descriptor& message = *prototype.GetDescriptor();
  for (int i = 0; i < message.field_count(); ++i) {
    table.columns.push_back(ColumnOf(*message.field(i)));
  }
  table.columns.push_back({"published_at_ms", ColumnType::kBigint, false, nullptr});
  table.columns.push_back({"row_partition", ColumnType::kInteger, false, nullptr});
  table.columns.push_back({"row_offset", ColumnType::kBigint, false, nullptr});
  return table;
}

}  // namespace

std::vector<RowTable> RowTables() {
  std::vector<RowTable> tables;
  for (const RowKind kind : publish::kRowKinds) {
    tables.push_back(TableOf(kind, publish::Framing::kProtobuf, 0));
  }
  return tables;
}

std::vector<RowTable> EnabledRowTables(const v1::BiConfig& bi) {
  std::vector<RowTable> tables;
  for (const RowKind kind : publish::kRowKinds) {
    const v1::RowsConfig& rows = publish::RowsConfigOf(bi, kind);
    if (!rows.enabled()) continue;
    const auto framing = publish::FramingNamed(rows.format()).value_or(publish::Framing::kProtobuf);
    tables.push_back(TableOf(kind, framing, rows.schema_id()));
  }
  return tables;
}

std::string_view SqlType(ColumnType type) {
  switch (type) {
    case ColumnType::kText:
      return "text";
    case ColumnType::kDate:
      return "date";
    case ColumnType::kBigint:
      return "bigint";
    case ColumnType::kInteger:
      return "integer";
    case ColumnType::kDouble:
      return "double precision";
    case ColumnType::kBoolean:
      return "boolean";
  }
  return "text";
}

std::string Quoted(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace peakend::warehouse
