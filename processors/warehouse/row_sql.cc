#include "processors/warehouse/row_sql.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

namespace peakend::warehouse {
namespace {

// Of the first fields, which are the same in all rows, only this one is about the customer.
constexpr int kLastSharedField = 12;
constexpr std::string_view kCustomer = "customer_key";

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

std::string Arrivals(const RowTable& table) {
  return Quoted(absl::StrCat("peakend_arrived_", table.name));
}

std::string ColumnList(const RowTable& table) {
  return absl::StrJoin(table.columns, ", ", [](std::string* out, const Column& column) {
    out->append(Quoted(column.name));
  });
}

std::string DateLiteral(DayNumber day) { return absl::StrCat("'", DayText(day), "'"); }

// What an erased row has in `column`; empty = what it had before.
std::string_view Blank(const Column& column) {
  if (!IsErasable(column)) return "";
  if (column.name == "is_deleted") return "true";
  if (column.nullable) return "NULL";
  switch (column.type) {
    case ColumnType::kBoolean:
      return "false";
    case ColumnType::kText:
      return "''";
    default:
      return "0";
  }
}

}  // namespace

bool IsErasable(const Column& column) {
  if (column.name == "is_deleted" || column.name == kCustomer) return true;
  return column.field != nullptr && column.field->number() > kLastSharedField;
}

std::string RowSql::Name(std::string_view table) const {
  return absl::StrCat(Quoted(schema_), ".", Quoted(table));
}

std::string RowSql::CreateArrivals(const RowTable& table) {
  const std::string columns =
      absl::StrJoin(table.columns, ", ", [](std::string* out, const Column& column) {
        absl::StrAppend(out, Quoted(column.name), " ", View(SqlType(column.type)));
        // Sorted by bytes: a language's order costs much more, and nobody reads it.
        if (column.type == ColumnType::kText) absl::StrAppend(out, " COLLATE \"C\"");
      });
  return absl::StrCat("CREATE TEMP TABLE ", Arrivals(table), " (", columns,
                      ") ON COMMIT DELETE ROWS");
}

std::string RowSql::CopyArrivals(const RowTable& table) {
  return absl::StrCat("COPY pg_temp.", Arrivals(table), " FROM STDIN (FORMAT binary)");
}

std::string RowSql::ClearArrivals(const RowTable& table) {
  return absl::StrCat("TRUNCATE pg_temp.", Arrivals(table));
}

std::string RowSql::CopyInto(const RowTable& table, std::string_view target) const {
  return absl::StrCat("COPY ", Name(target), " (", ColumnList(table),
                      ") FROM STDIN (FORMAT binary)");
}

std::string RowSql::Upsert(const RowTable& table) const {
  const std::string columns = ColumnList(table);
  const std::string key = Quoted(table.key());
  std::vector<std::string> changes;
  for (const Column& column : table.columns) {
    if (column.name == table.key() || column.type == ColumnType::kDate) continue;
    changes.push_back(absl::StrCat(Quoted(column.name), " = excluded.", Quoted(column.name)));
  }
  return absl::StrCat("INSERT INTO ", Name(table.name), " AS t (", columns,
                      ") SELECT DISTINCT ON (", key, ", business_date) ", columns, " FROM pg_temp.",
                      Arrivals(table), " ORDER BY ", key,
                      ", business_date, row_version DESC, row_offset ON CONFLICT (", key,
                      ", business_date) DO UPDATE SET ", absl::StrJoin(changes, ", "),
                      " WHERE excluded.row_version > t.row_version");
}

std::string RowSql::KeepRevisions(const RowTable& table) const {
  const std::string columns = ColumnList(table);
  return absl::StrCat("INSERT INTO ", Name(kRevisionTable), " (", columns, ") SELECT ", columns,
                      " FROM pg_temp.", Arrivals(table), " ORDER BY ", Quoted(table.key()),
                      ", row_version, row_offset ON CONFLICT (", Quoted(table.key()),
                      ", row_version, business_date) DO NOTHING");
}

std::string RowSql::Erase(const RowTable& table, std::string_view target) const {
  std::vector<std::string> changes;
  for (const Column& column : table.columns) {
    const std::string_view blank = Blank(column);
    if (!blank.empty()) changes.push_back(absl::StrCat(Quoted(column.name), " = ", View(blank)));
  }
  // The time tells rows of a topic of that name that was made anew, which all are older.
  return absl::StrCat("UPDATE ", Name(target), " AS t SET ", absl::StrJoin(changes, ", "),
                      " FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::bigint[]) AS "
                      "e(key, partition, at_offset, at_ms) WHERE t.",
                      Quoted(table.key()),
                      " = e.key AND NOT (t.row_partition = e.partition AND t.row_offset > "
                      "e.at_offset AND t.published_at_ms >= e.at_ms)");
}

std::string RowSql::AddKeys(const Dimension& dimension) const {
  const std::string name = Name(dimension.table);
  const std::string column = Quoted(dimension.column);
  if (!dimension.of_tenant) {
    return absl::StrCat("INSERT INTO ", name, " (", column,
                        ", first_seen_at_ms) SELECT * FROM unnest($1::text[], $2::bigint[]) "
                        "ON CONFLICT DO NOTHING");
  }
  return absl::StrCat("INSERT INTO ", name, " (tenant_id, ", column,
                      ", first_seen_at_ms) SELECT * FROM unnest($1::text[], $2::text[], "
                      "$3::bigint[]) ON CONFLICT DO NOTHING");
}

std::string RowSql::MoveOffsets() const {
  return absl::StrCat("UPDATE ", Name("sink_offset"),
                      " o SET next_offset = m.to_offset FROM unnest($3::integer[], $4::bigint[], "
                      "$5::bigint[]) AS m(partition, from_offset, to_offset) WHERE o.sink = $1 AND "
                      "o.topic = $2 AND o.partition = m.partition AND o.next_offset = "
                      "m.from_offset");
}

std::string RowSql::ReadOffsets() const {
  return absl::StrCat("SELECT partition, next_offset FROM ", Name("sink_offset"),
                      " WHERE sink = $1 AND topic = $2");
}

std::string RowSql::CreateOffset() const {
  return absl::StrCat("INSERT INTO ", Name("sink_offset"),
                      " (sink, topic, partition, next_offset) VALUES ($1, $2, $3::integer, "
                      "$4::bigint) ON CONFLICT DO NOTHING");
}

std::string RowSql::SetOffset() const {
  return absl::StrCat("UPDATE ", Name("sink_offset"),
                      " SET next_offset = $4::bigint WHERE sink = $1 AND topic = $2 AND partition "
                      "= $3::integer AND next_offset < $4::bigint");
}

std::string RowSql::ReadDeadLetters() const {
  return absl::StrCat("SELECT partition, row_offset FROM ", Name("dead_letter"),
                      " WHERE topic = $1 LIMIT $2::bigint");
}

std::string RowSql::ReadRows(const RowTable& table, std::string_view target,
                             std::optional<DayNumber> since, std::optional<DayNumber> until) const {
  // Whatever a person made of the columns, they come in the types that we send.
  const std::string columns =
      absl::StrJoin(table.columns, ", ", [](std::string* out, const Column& column) {
        absl::StrAppend(out, Quoted(column.name), "::", View(SqlType(column.type)));
      });
  std::vector<std::string> conditions;
  if (since) conditions.push_back(absl::StrCat("business_date >= ", DateLiteral(*since)));
  if (until) conditions.push_back(absl::StrCat("business_date < ", DateLiteral(*until)));
  return absl::StrCat("COPY (SELECT ", columns, " FROM ", Name(target),
                      conditions.empty() ? "" : " WHERE ", absl::StrJoin(conditions, " AND "),
                      ") TO STDOUT (FORMAT binary)");
}

std::string RowSql::AddDeadLetter() const {
  return absl::StrCat("INSERT INTO ", Name("dead_letter"),
                      " (topic, partition, row_offset, key, value, reason) VALUES ($1, "
                      "$2::integer, $3::bigint, $4::bytea, $5::bytea, $6) ON CONFLICT DO NOTHING");
}

std::string RowSql::CreateDay(std::string_view table, DayNumber day) const {
  return absl::StrCat("CREATE TABLE ", Name(DayTable(table, day)), " PARTITION OF ", Name(table),
                      " FOR VALUES FROM (", DateLiteral(day), ") TO (", DateLiteral(day + 1), ")");
}

std::string DayTable(std::string_view table, DayNumber day) {
  const absl::CivilDay civil = CivilDayOf(day);
  return absl::StrFormat("%s_%04d%02d%02d", std::string(table), civil.year(), civil.month(),
                         civil.day());
}

std::string SqlArray(const std::vector<std::string>& elements) {
  std::string text = "{";
  for (const std::string& element : elements) {
    if (text.size() > 1) text += ',';
    text += '"';
    for (const char c : element) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  }
  return text + "}";
}

std::string SqlArray(const std::vector<int64_t>& elements) {
  return absl::StrCat("{", absl::StrJoin(elements, ","), "}");
}

}  // namespace peakend::warehouse
