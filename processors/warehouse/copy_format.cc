#include "processors/warehouse/copy_format.h"

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstring>
#include <optional>

#include "processors/warehouse/business_day.h"

namespace peakend::warehouse {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int32_t kNull = -1;

template <std::integral T>
void AppendBigEndian(T value, std::string* out) {
  static_assert(std::endian::native == std::endian::little);
  std::array<char, sizeof(T)> bytes;
  std::memcpy(bytes.data(), &value, sizeof(T));
  std::reverse(bytes.begin(), bytes.end());
  out->append(bytes.data(), bytes.size());
}

template <std::integral T>
void AppendNumber(T value, std::string* out) {
  AppendBigEndian(static_cast<int32_t>(sizeof(T)), out);
  AppendBigEndian(value, out);
}

void AppendText(std::string_view text, std::string* out) {
  AppendBigEndian(static_cast<int32_t>(text.size()), out);
  out->append(text);
}

RowFault AppendTextColumn(const Column& column, const std::string& text, std::string* out) {
  if (column.type == ColumnType::kDate) {
    const std::optional<DayNumber> day = ParseDay(text);
    if (!day) return RowFault::kBadDate;
    AppendNumber(*day, out);
    return RowFault::kNone;
  }
  if (text.empty() && column.nullable) {
    AppendBigEndian(kNull, out);
    return RowFault::kNone;
  }
  if (std::memchr(text.data(), 0, text.size()) != nullptr) return RowFault::kNulByte;
  AppendText(text, out);
  return RowFault::kNone;
}

RowFault AppendColumn(const Column& column, const Message& row, const Reflection& reflection,
                      std::string* out) {
  const FieldDescriptor* field = column.field;
  if (column.nullable && field->has_presence() && !reflection.HasField(row, field)) {
    AppendBigEndian(kNull, out);
    return RowFault::kNone;
  }
  switch (column.type) {
    case ColumnType::kText:
    case ColumnType::kDate: {
      std::string scratch;
      return AppendTextColumn(column, reflection.GetStringReference(row, field, &scratch), out);
    }
    case ColumnType::kBigint:
      AppendNumber(reflection.GetInt64(row, field), out);
      break;
    case ColumnType::kInteger:
      AppendNumber(reflection.GetInt32(row, field), out);
      break;
    case ColumnType::kDouble:
      AppendNumber(std::bit_cast<int64_t>(reflection.GetDouble(row, field)), out);
      break;
    case ColumnType::kBoolean:
      AppendNumber(static_cast<int8_t>(reflection.GetBool(row, field) ? 1 : 0), out);
      break;
  }
  return RowFault::kNone;
}

}  // namespace

std::string_view CopyHeader() {
  // Signature, flags, length of the header's extension.
  return {"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19};
}

std::string_view CopyTrailer() { return {"\377\377", 2}; }

RowFault AppendCopyRow(const RowTable& table, const Message& row, const RowPlace& place,
                       std::string* out) {
  const size_t begin = out->size();
  AppendBigEndian(static_cast<int16_t>(table.columns.size()), out);
  // Asked for once: it takes longer than to read a field.
  const Reflection& reflection = *row.GetReflection();
  for (const Column& column : table.columns) {
    if (column.field == nullptr) break;
    const RowFault fault = AppendColumn(column, row, reflection, out);
    if (fault == RowFault::kNone) continue;
    out->resize(begin);
    return fault;
  }
  AppendNumber(place.published_at_ms, out);
  AppendNumber(place.partition, out);
  AppendNumber(place.offset, out);
  return RowFault::kNone;
}

}  // namespace peakend::warehouse
