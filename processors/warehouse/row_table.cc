#include "processors/warehouse/row_table.h"

#include "peakend/bi/v1/alert_row.pb.h"
#include "peakend/bi/v1/contact_row.pb.h"
#include "peakend/bi/v1/journey_row.pb.h"
#include "peakend/bi/v1/moment_row.pb.h"
#include "peakend/bi/v1/promise_row.pb.h"
#include "peakend/bi/v1/survey_row.pb.h"
#include "peakend/bi/v1/touchpoint_row.pb.h"

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

RowTable TableOf(RowKind kind, const Message& prototype) {
  RowTable table;
  table.kind = kind;
  table.name = std::string(kRowTables[static_cast<size_t>(kind)]);
  table.prototype = &prototype;
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
  return {
      TableOf(RowKind::kTouchpoint, bi::v1::TouchpointRow::default_instance()),
      TableOf(RowKind::kMoment, bi::v1::MomentRow::default_instance()),
      TableOf(RowKind::kContact, bi::v1::ContactRow::default_instance()),
      TableOf(RowKind::kJourney, bi::v1::JourneyRow::default_instance()),
      TableOf(RowKind::kAlert, bi::v1::AlertRow::default_instance()),
      TableOf(RowKind::kPromise, bi::v1::PromiseRow::default_instance()),
      TableOf(RowKind::kSurvey, bi::v1::SurveyRow::default_instance()),
  };
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
