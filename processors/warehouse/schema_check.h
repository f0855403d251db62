// Whether the tables of a database are ones that rows can be written to.
//
// Columns that this program does not know are fine as long as they need no value: a database of the
// next version, or one with columns of a person's own, keeps working. A missing column is not.
//
// Thread-safety: none; one connection.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_SCHEMA_CHECK_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_SCHEMA_CHECK_H_

#include "absl/status/status.h"
#include "processors/warehouse/postgres.h"
#include "processors/warehouse/row_sql.h"
#include "processors/warehouse/row_table.h"

namespace peakend::warehouse {

// Errors: FailedPrecondition names what is missing or in the way, and the remedy; those of
// Postgres.
absl::Status CheckTable(Postgres& postgres, const RowSql& sql, const RowTable& table);

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_SCHEMA_CHECK_H_
