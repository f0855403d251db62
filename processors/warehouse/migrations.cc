#include "processors/warehouse/migrations.h"

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace peakend::warehouse {
namespace {

// Any number that nobody else locks: "peakend" on a telephone.
constexpr char kLock[] = "SELECT pg_advisory_xact_lock(7325363)";

absl::string_view Text(std::string_view text) { return {text.data(), text.size()}; }

// True when this call applied it, false when somebody else had.
absl::StatusOr<bool> Apply(Postgres& postgres, const RowSql& sql, const Migration& migration) {
  absl::Status status = postgres.Execute(absl::StrCat(
      "BEGIN; ", kLock, "; CREATE SCHEMA IF NOT EXISTS ", Quoted(sql.schema()),
      "; SET LOCAL search_path TO ", Quoted(sql.schema()),
      "; CREATE TABLE IF NOT EXISTS schema_migration (version integer PRIMARY KEY, name text NOT "
      "NULL, applied_at timestamptz NOT NULL DEFAULT now())"));
  if (!status.ok()) return status;
  const std::string version = absl::StrCat(migration.version);
  const absl::StatusOr<SqlRows> there = postgres.Query(
      "SELECT 1 FROM schema_migration WHERE version = $1::integer", {SqlValue::Text(version)});
  if (!there.ok()) return there.status();
  if (there->size() > 0) {
    status = postgres.Execute("COMMIT");
    if (!status.ok()) return status;
    return false;
  }
  status = postgres.Execute(std::string(migration.sql));
  if (status.ok()) {
    status = postgres
                 .Query("INSERT INTO schema_migration (version, name) VALUES ($1::integer, $2)",
                        {SqlValue::Text(version), SqlValue::Text(migration.name)})
                 .status();
  }
  if (status.ok()) status = postgres.Execute("COMMIT");
  if (!status.ok()) return status;
  return true;
}

}  // namespace

std::string Ddl(std::string_view schema) {
  std::string ddl = absl::StrCat("CREATE SCHEMA IF NOT EXISTS ", Quoted(schema),
                                 ";\nSET search_path TO ", Quoted(schema), ";\n");
  for (const Migration& migration : Migrations()) {
    absl::StrAppend(&ddl, "\n-- ", Text(migration.name), "\nBEGIN;\n", Text(migration.sql),
                    "\nINSERT INTO schema_migration (version, name) VALUES (", migration.version,
                    ", '", Text(migration.name), "');\nCOMMIT;\n");
  }
  return ddl;
}

absl::StatusOr<std::vector<Migration>> MissingMigrations(Postgres& postgres, const RowSql& sql) {
  const std::string name = sql.Name("schema_migration");
  const absl::StatusOr<SqlRows> table =
      postgres.Query("SELECT to_regclass($1) IS NOT NULL", {SqlValue::Text(name)});
  if (!table.ok()) return table.status();
  if (table->Text(0, 0) != "t") return Migrations();
  const absl::StatusOr<SqlRows> rows =
      postgres.Query(absl::StrCat("SELECT version FROM ", name), {});
  if (!rows.ok()) return rows.status();
  absl::flat_hash_set<int64_t> applied;
  for (int i = 0; i < rows->size(); ++i) applied.insert(rows->Integer(i, 0));
  std::vector<Migration> missing;
  for (const Migration& migration : Migrations()) {
    if (!applied.contains(migration.version)) missing.push_back(migration);
  }
  return missing;
}

absl::StatusOr<std::vector<std::string>> Migrate(Postgres& postgres, const RowSql& sql,
                                                 absl::Span<const Migration> migrations) {
  std::vector<std::string> applied;
  for (const Migration& migration : migrations) {
    const absl::StatusOr<bool> done = Apply(postgres, sql, migration);
    if (!done.ok()) {
      if (postgres.connected()) postgres.Execute("ROLLBACK").IgnoreError();
      return absl::Status(done.status().code(),
                          absl::StrCat(Text(migration.name), ": ", done.status().message()));
    }
    if (*done) applied.emplace_back(migration.name);
  }
  return applied;
}

}  // namespace peakend::warehouse
