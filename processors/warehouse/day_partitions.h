// The partitions of tables by day: which there are, and those that a batch needs made in time.
//
// Made in transactions of their own before the rows come, so that a batch holds no lock on a whole
// table; a partition without rows does no harm. Days far from now, and more new days than a batch
// may make, go to the default partition, and stay there.
//
// Thread-safety: one thread.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_DAY_PARTITIONS_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_DAY_PARTITIONS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "processors/warehouse/business_day.h"
#include "processors/warehouse/postgres.h"
#include "processors/warehouse/row_sql.h"

namespace peakend::warehouse {

// A feed with wrong dates must not fill the database with empty tables.
inline constexpr int kFirstYear = 1990;
inline constexpr int kLastYear = 2100;

class DayPartitions {
 public:
  // The first two must outlive this. `most_new` partitions are made at once.
  DayPartitions(Postgres& postgres, const RowSql& sql, size_t most_new)
      : postgres_(postgres), sql_(sql), most_new_(most_new) {}

  // Reads which there are. Errors: those of Postgres.
  absl::Status Load();

  // Makes the partitions of `days` (ascending) that `table` lacks, the newest first. Nothing for a
  // table that is not partitioned, or whose days stand in partitions of another size.
  absl::Status Ensure(std::string_view table, const std::vector<DayNumber>& days);

 private:
  absl::Status Make(std::string_view table, DayNumber day);

  Postgres& postgres_;
  const RowSql& sql_;
  const size_t most_new_;
  absl::flat_hash_set<std::string> partitioned_;  // tables
  // Partitions that are there, or can't be made.
  absl::flat_hash_set<std::string> settled_;
};

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_DAY_PARTITIONS_H_
