#include "processors/warehouse/schema_check.h"

#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace peakend::warehouse {
namespace {

struct TableColumns {
  absl::flat_hash_set<std::string> names;
  absl::flat_hash_set<std::string> demanding;  // neither nullable nor with a default
};

absl::StatusOr<TableColumns> ColumnsOf(Postgres& postgres, const RowSql& sql,
                                       std::string_view table) {
  const absl::StatusOr<SqlRows> rows = postgres.Query(
      "SELECT column_name, is_nullable = 'NO' AND column_default IS NULL AND is_generated = "
      "'NEVER' "
      "AND is_identity = 'NO' FROM information_schema.columns WHERE table_schema = $1 AND "
      "table_name = $2",
      {SqlValue::Text(sql.schema()), SqlValue::Text(table)});
  if (!rows.ok()) return rows.status();
  TableColumns columns;
  for (int i = 0; i < rows->size(); ++i) {
    columns.names.insert(rows->Text(i, 0));
    if (rows->Text(i, 1) == "t") columns.demanding.insert(rows->Text(i, 0));
  }
  return columns;
}

absl::Status CheckOne(Postgres& postgres, const RowSql& sql, const RowTable& table,
                      std::string_view target) {
  const absl::StatusOr<TableColumns> found = ColumnsOf(postgres, sql, target);
  if (!found.ok()) return found.status();
  const std::string name = sql.Name(target);
  if (found->names.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "there is no table ", name, "; `peakend sink postgres --init-schema` makes it"));
  }
  std::vector<std::string> missing;
  absl::flat_hash_set<std::string> demanding = found->demanding;
  for (const Column& column : table.columns) {
    if (!found->names.contains(column.name)) missing.push_back(column.name);
    demanding.erase(column.name);
  }
  if (!missing.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        name, " lacks ", absl::StrJoin(missing, ", "),
        "; `peakend sink postgres --init-schema` adds what a newer version needs, a column that "
        "was dropped must be added again as `--print-ddl` shows it"));
  }
  if (!demanding.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat(name, ".", *demanding.begin(),
                     " is NOT NULL, has no default and is none of ours: no row could be written; "
                     "give it a default, or drop NOT NULL"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckTable(Postgres& postgres, const RowSql& sql, const RowTable& table) {
  absl::Status status = CheckOne(postgres, sql, table, table.name);
  if (status.ok() && table.keeps_revisions()) {
    status = CheckOne(postgres, sql, table, kRevisionTable);
  }
  return status;
}

}  // namespace peakend::warehouse
