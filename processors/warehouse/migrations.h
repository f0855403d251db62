// The numbered SQL files of schema/, in the program, and bringing a database up to them.
//
// Thread-safety: pure functions, but for the connection.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_MIGRATIONS_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_MIGRATIONS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "processors/warehouse/postgres.h"
#include "processors/warehouse/row_sql.h"

namespace peakend::warehouse {

struct Migration {
  int version = 0;
  std::string_view name;  // "001_delivery"
  std::string_view sql;   // names without a schema
};

// By rising version.
std::vector<Migration> Migrations();

// What --print-ddl prints: all of them, for psql, into `schema`.
std::string Ddl(std::string_view schema);

// Those that the database lacks; none when it has newer ones only. A database without the schema
// lacks all. Errors: those of Postgres.
absl::StatusOr<std::vector<Migration>> MissingMigrations(Postgres& postgres, const RowSql& sql);

// Makes the schema and applies `migrations`, those that are missing, each in a transaction of its
// own that records it. Two that run at once wait for each other. Returns the names of what this
// call applied. Errors: those of Postgres, with the migration's name; what was applied before
// stays.
absl::StatusOr<std::vector<std::string>> Migrate(Postgres& postgres, const RowSql& sql,
                                                 absl::Span<const Migration> migrations);

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_MIGRATIONS_H_
