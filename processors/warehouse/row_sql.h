// The statements by which rows get into their tables.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_ROW_SQL_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_ROW_SQL_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "processors/warehouse/business_day.h"
#include "processors/warehouse/known_keys.h"
#include "processors/warehouse/row_table.h"

namespace peakend::warehouse {

// The names are of the sink's schema; all are quoted.
class RowSql {
 public:
  explicit RowSql(std::string schema) : schema_(std::move(schema)) {}

  const std::string& schema() const { return schema_; }
  // "schema"."table".
  std::string Name(std::string_view table) const;

  // Where a batch arrives: a table of the session that is empty after each transaction. Its columns
  // have the types that we send, whatever a person made of the real ones.
  static std::string CreateArrivals(const RowTable& table);
  static std::string CopyArrivals(const RowTable& table);
  static std::string ClearArrivals(const RowTable& table);
  // Straight into `target`, which has the columns of `table`.
  std::string CopyInto(const RowTable& table, std::string_view target) const;

  // The newest version of each arrived key, of equal ones the first, unless the table has one that
  // is not older.
  std::string Upsert(const RowTable& table) const;
  // Every arrived version that is not there, of equal ones the first. For a table that keeps
  // revisions.
  std::string KeepRevisions(const RowTable& table) const;
  // $1 = keys, $2 = partitions, $3 = offsets, $4 = timestamps of their tombstones, as arrays of one
  // length: what was said about the keys becomes empty, and they count as deleted. Rows that were
  // written behind the tombstone stay, so that it may come again. For rows of `target`, which has
  // the columns of `table`.
  std::string Erase(const RowTable& table, std::string_view target) const;

  // $1 = tenants, $2 = ids, $3 = first_seen_at_ms, as arrays of one length; without $1 where the
  // dimension is of all tenants, and the others move up.
  std::string AddKeys(const Dimension& dimension) const;

  // $1 = sink, $2 = topic, $3 = partitions, $4 = expected and $5 = new offsets, as arrays.
  std::string MoveOffsets() const;
  // $1 = sink, $2 = topic: partition and next_offset of each.
  std::string ReadOffsets() const;
  // $1 = sink, $2 = topic, $3 = partition, $4 = next_offset; changes nothing that is there.
  std::string CreateOffset() const;
  // As above, but sets one that is lower.
  std::string SetOffset() const;
  // $1 = topic, $2 = partition, $3 = offset, $4 = key, $5 = value, $6 = reason.
  std::string AddDeadLetter() const;

  // $1 = topic, $2 = how many at most: partition and row_offset of each.
  std::string ReadDeadLetters() const;
  // All columns of the rows of days [since, until) of `target`, as AppendCopyRow writes them.
  std::string ReadRows(const RowTable& table, std::string_view target,
                       std::optional<DayNumber> since, std::optional<DayNumber> until) const;

  // The partition of one day.
  std::string CreateDay(std::string_view table, DayNumber day) const;

 private:
  const std::string schema_;
};

// Whether a tombstone changes that column: what it says about the customer and what happened.
bool IsErasable(const Column& column);

// "journeys_20260131".
std::string DayTable(std::string_view table, DayNumber day);

// The elements as the text of an SQL array.
std::string SqlArray(const std::vector<std::string>& elements);
std::string SqlArray(const std::vector<int64_t>& elements);

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_ROW_SQL_H_
