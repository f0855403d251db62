// Any bytes as a record of a row topic, as the sink and export take them: the record becomes one
// row or one fault, a row can be told again in each framing, and reads back as the same.
//
// The first byte chooses kind and framing, the rest is the record's value.
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "processors/warehouse/row_batch.h"
#include "processors/warehouse/row_table.h"
#include "processors/warehouse/row_tuple.h"

namespace peakend::warehouse {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using publish::Framing;
using publish::RowFraming;

constexpr std::array kFramings = {Framing::kProtobuf, Framing::kProtobufConfluent, Framing::kJson,
                                  Framing::kConnectJson};

void Require(bool holds) {
  if (!holds) std::abort();
}

std::vector<RowTable> TablesOf(Framing framing) {
  std::vector<RowTable> tables = RowTables();
  for (RowTable& table : tables) {
    table.framing = RowFraming(framing, 0, *table.prototype->GetDescriptor());
  }
  return tables;
}

// JSON has no word for the others.
bool IsFinite(const Message& row) {
  for (int i = 0; i < row.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = row.GetDescriptor()->field(i);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE &&
        !std::isfinite(row.GetReflection()->GetDouble(row, field))) {
      return false;
    }
  }
  return true;
}

void TellAgain(const RowTable& table, const Message& row) {
  if (!IsFinite(row)) return;
  const std::unique_ptr<Message> known(row.New());
  known->CopyFrom(row);
  // A framing of JSON drops what this build does not know.
  known->DiscardUnknownFields();
  const std::unique_ptr<Message> again(row.New());
  for (const Framing framing : kFramings) {
    const RowFraming told(framing, 7, *table.prototype->GetDescriptor());
    std::string value;
    told.Append(*known, &value);
    Require(told.Read(value, again.get()).ok());
    Require(again->SerializeAsString() == known->SerializeAsString());
  }
}

void TakeIn(const RowTable& table, std::string_view key, std::string_view value) {
  const KnownKeys none(1);
  RowBatch batch(table, none);
  runtime::InputRecord record;
  record.key = key;
  record.value = value;
  record.has_key = record.has_value = true;
  batch.Add(record);
  Require(batch.row_count() + batch.Faults().size() == 1);
  if (batch.row_count() == 0) return;
  const auto tuple = ReadTuple(table, batch.CopyRows(0, 1));
  Require(tuple.has_value());
  Require(tuple->key == key);
}

}  // namespace
}  // namespace peakend::warehouse

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace peakend::warehouse;
  static const auto* const tables = new std::array{TablesOf(kFramings[0]), TablesOf(kFramings[1]),
                                                   TablesOf(kFramings[2]), TablesOf(kFramings[3])};
  if (size == 0) return 0;
  const std::vector<RowTable>& framed = (*tables)[data[0] % tables->size()];
  const RowTable& table = framed[data[0] / tables->size() % framed.size()];
  const std::string_view value(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::unique_ptr<Message> row(table.prototype->New());
  std::string key;
  if (table.framing.Read(value, row.get()).ok()) {
    key = row->GetReflection()->GetString(*row, table.columns.front().field);
    TellAgain(table, *row);
  }
  TakeIn(table, key, value);
  return 0;
}
