// Which records of a row topic hold the rows that count: the newest version of each key and day, or
// all versions, each once.
//
// Records are judged as the sink does (RowBatch is asked): of equal versions the first counts, a
// tombstone erases all rows of its key before it in its partition, what is no row is faulty. Rows
// are kept by 64-bit hashes, 32 bytes each (up to about 70 with room to grow).
//
// Thread-safety: none; one owner. Pure.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_KEPT_ROWS_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_KEPT_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "processors/runtime/source.h"
#include "processors/warehouse/business_day.h"
#include "processors/warehouse/known_keys.h"
#include "processors/warehouse/row_batch.h"
#include "processors/warehouse/row_table.h"

namespace peakend::warehouse {

struct KeptRowsOptions {
  // Days [since, until); nothing = no such limit.
  std::optional<DayNumber> since = {};
  std::optional<DayNumber> until = {};
  // Every version, deleted ones too; else the newest one unless it is deleted.
  bool all_versions = false;
  // More rows or tombstones than this are refused.
  size_t most_rows = 50'000'000;
};

class KeptRows {
 public:
  // `table` must outlive it.
  KeptRows(const RowTable& table, const KeptRowsOptions& options);
  KeptRows(const KeptRows&) = delete;
  KeptRows& operator=(const KeptRows&) = delete;

  // Takes a record of the topic, in the order of offsets within a partition. Errors:
  // ResourceExhausted = more rows than most_rows, with the remedy.
  absl::Status Add(const runtime::InputRecord& record);

  // By partition the offsets of what counts, ascending. Once, at the end.
  using Offsets = std::map<int32_t, std::vector<int64_t>>;
  Offsets Take();

  // Records that are no row; of all days.
  int64_t faulty() const { return faulty_; }
  // After Take: rows that do not count because they are deleted or erased.
  int64_t left_out() const { return left_out_; }

 private:
  struct Entry {
    int64_t row_version = 0;
    int64_t offset = 0;
    DayNumber day = 0;
    uint32_t partition : 31 = 0;
    uint32_t is_deleted : 1 = 0;
  };

  absl::Status Full() const;
  uint64_t HashOfVersion(int64_t row_version) const;
  bool IsErased(uint64_t hash, const Entry& entry) const;

  const RowTable* const table_;
  const KeptRowsOptions options_;
  KnownKeys no_keys_{1};
  RowBatch batch_;  // of one record
  absl::flat_hash_map<uint64_t, Entry> rows_;
  absl::flat_hash_map<uint64_t, std::pair<int32_t, int64_t>> tombstones_;  // the last of each key
  int64_t faulty_ = 0;
  int64_t left_out_ = 0;
};

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_KEPT_ROWS_H_
