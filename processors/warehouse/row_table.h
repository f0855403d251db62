// The tables that hold rows, one for each row message: columns, types and the place of the few
// columns that the sink itself looks at.
//
// A table is made from the message's descriptor, so that a new field needs no line here; the
// numbered files in schema/ say the same in SQL, and a test compares the two.
//
// Thread-safety: values; descriptors live as long as the program.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_ROW_TABLE_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_ROW_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "processors/publish/rows/framing.h"
#include "processors/publish/rows/row_kind.h"

namespace peakend::warehouse {

enum class ColumnType : uint8_t { kText, kDate, kBigint, kInteger, kDouble, kBoolean };

struct Column {
  std::string name;
  ColumnType type = ColumnType::kText;
  bool nullable = false;
  // Null for the columns that say where the row stood in its topic.
  const google::protobuf::FieldDescriptor* field = nullptr;
};

using publish::RowKind;

// By RowKind.
inline constexpr std::array<std::string_view, publish::kRowKinds.size()> kRowTables = {
    "touchpoints", "moments", "contacts", "journeys", "alerts", "promises", "surveys"};

// What is kept of every revision, beside the newest one.
inline constexpr std::string_view kRevisionTable = "journey_revision";

struct RowTable {
  RowKind kind;
  std::string name;
  // An empty message of its type; immutable.
  const google::protobuf::Message* prototype;
  // How the values of its topic are written.
  publish::RowFraming framing;
  // The message's fields in their order, then published_at_ms, row_partition, row_offset.
  std::vector<Column> columns;

  const std::string& key() const { return columns.front().name; }
  bool keeps_revisions() const { return kind == RowKind::kJourney; }
};

// All of them, by RowKind, of topics that hold bare messages.
std::vector<RowTable> RowTables();
// Those whose rows are written, in the order of RowKind, with the framings of `bi`, which was
// checked.
std::vector<RowTable> EnabledRowTables(const v1::BiConfig& bi);

// "text", "date", "bigint", "integer", "double precision" or "boolean", as PostgreSQL and its
// information_schema call it.
std::string_view SqlType(ColumnType type);

// `name` as an SQL identifier: in double quotes, and those within doubled. Any name is safe.
std::string Quoted(std::string_view name);

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_ROW_TABLE_H_
