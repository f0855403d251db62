#include "processors/warehouse/row_lines.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "processors/publish/json.h"

namespace peakend::warehouse {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr char kLineEnd[] = "\r\n";

void AppendCsvText(const Column& column, const std::string& text, std::string* out) {
  if (text.empty()) {
    if (!column.nullable) out->append("\"\"");
    return;
  }
  if (text.find_first_of("\",\r\n") == std::string::npos) {
    out->append(text);
    return;
  }
  out->push_back('"');
  for (const char c : text) {
    if (c == '"') out->push_back('"');
    out->push_back(c);
  }
  out->push_back('"');
}

void AppendCsvCell(const Column& column, const Message& row, std::string* out) {
  const Reflection& reflection = *row.GetReflection();
  const FieldDescriptor* field = column.field;
  if (field->has_presence() && !reflection.HasField(row, field)) return;
  switch (column.type) {
    case ColumnType::kText:
    case ColumnType::kDate: {
      std::string scratch;
      return AppendCsvText(column, reflection.GetStringReference(row, field, &scratch), out);
    }
    case ColumnType::kBigint:
      absl::StrAppend(out, reflection.GetInt64(row, field));
      return;
    case ColumnType::kInteger:
      absl::StrAppend(out, reflection.GetInt32(row, field));
      return;
    case ColumnType::kDouble: {
      const double number = reflection.GetDouble(row, field);
      if (std::isfinite(number)) publish::AppendJsonNumber(number, out);
      return;
    }
    case ColumnType::kBoolean:
      out->append(reflection.GetBool(row, field) ? "true" : "false");
      return;
  }
}

}  // namespace

void RowLines::AppendHeader(std::string* out) const {
  if (format_ != RowLineFormat::kCsv) return;
  for (const Column& column : table_->columns) {
    absl::StrAppend(out, &column == &table_->columns.front() ? "" : ",", column.name);
  }
  out->append(kLineEnd);
}

void RowLines::Append(const Message& row, const RowPlace& place, std::string* out) const {
  if (format_ == RowLineFormat::kNdjson) {
    json_.Append(row, out);
    out->pop_back();
    absl::StrAppend(out, ",\"published_at_ms\":", place.published_at_ms,
                    ",\"row_partition\":", place.partition, ",\"row_offset\":", place.offset,
                    "}\n");
    return;
  }
  for (const Column& column : table_->columns) {
    if (column.field == nullptr) break;
    AppendCsvCell(column, row, out);
    out->push_back(',');
  }
  absl::StrAppend(out, place.published_at_ms, ",", place.partition, ",", place.offset, kLineEnd);
}

}  // namespace peakend::warehouse
