// What one row topic holds and what its table holds, row by row, and where they differ.
//
// In this order: the dead letters that the table knows, the topic's records up to where the sink
// has come, then the table's rows. The first and the second are kept by 64-bit hashes of key and
// day, 48 bytes a row (up to about 100 with room to grow); the table's rows are only passed by. Two
// rows of 50 million share a hash once in 15,000 runs; then one of them is said to be missing or
// extra.
//
// Records are judged as the sink does (RowBatch is asked): the highest row_version of a key and day
// counts, or each of them where the table keeps every one, of equal ones the first; a tombstone
// behind it leaves it erased; what is no row is a fault, which belongs into dead_letter. Keys are
// expected in one partition each, as the worker writes them.
//
// Thread-safety: none; one owner. Pure: no clock, no socket.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_ROW_CENSUS_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_ROW_CENSUS_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "processors/runtime/progress.h"
#include "processors/runtime/source.h"
#include "processors/warehouse/business_day.h"
#include "processors/warehouse/known_keys.h"
#include "processors/warehouse/row_batch.h"
#include "processors/warehouse/row_table.h"
#include "processors/warehouse/row_tuple.h"

namespace peakend::warehouse {

struct CensusOptions {
  // Days [since, until); nothing = no such limit.
  std::optional<DayNumber> since = {};
  std::optional<DayNumber> until = {};
  // The table keeps every version of a row, each of which counts by itself.
  bool every_version = false;
  // More rows, tombstones or dead letters than this are refused.
  size_t most_rows = 50'000'000;
  // How many differences are kept one by one.
  size_t most_shown = 10;
};

enum class RowDifference : uint8_t {
  kMissing,    // in the topic, not in the table
  kStale,      // the table has an older version
  kDifferent,  // the same version with other columns
  kExtra,      // in the table; the topic has no such row, or only an older version
};
std::string_view DifferenceName(RowDifference difference);

// One row that differs. Its place is that in the topic; of an extra one, what its columns say.
struct DifferingRow {
  int32_t partition = 0;
  int64_t offset = 0;
  RowDifference difference = RowDifference::kMissing;
  DayNumber day = 0;
  std::optional<int64_t> kafka_version;
  std::optional<int64_t> postgres_version;

  auto operator<=>(const DifferingRow&) const = default;
};

// The rows of a partition and day that both sides should have: all but expired ones and refused
// ones. Checksums do not depend on order, and are equal if and only if key, version and columns of
// all rows are, but for chance.
struct CensusGroup {
  int64_t kafka_rows = 0;
  int64_t postgres_rows = 0;
  uint64_t kafka_checksum = 0;
  uint64_t postgres_checksum = 0;

  bool differs() const {
    return kafka_rows != postgres_rows || kafka_checksum != postgres_checksum;
  }
};

struct CensusReport {
  int64_t records = 0;  // read from the topic, of all days
  CensusGroup rows;     // of all groups
  // Rows, by RowDifference.
  int64_t missing = 0;
  int64_t stale = 0;
  int64_t different = 0;
  int64_t extra = 0;
  // In the table; the topic has let go of their records. No difference.
  int64_t expired = 0;
  // Records that stand in dead_letter, and faulty ones that do not. Of all days; no difference.
  int64_t dead_letters = 0;
  int64_t cleared_dead_letters = 0;
  // By partition and day.
  std::map<std::pair<int32_t, DayNumber>, CensusGroup> groups;
  // The first ones by partition and offset.
  std::set<DifferingRow> shown;

  int64_t differences() const { return missing + stale + different + extra; }
};

class RowCensus {
 public:
  // `table` must outlive it.
  RowCensus(const RowTable& table, const CensusOptions& options);
  RowCensus(const RowCensus&) = delete;
  RowCensus& operator=(const RowCensus&) = delete;

  // Errors of all: ResourceExhausted = there are more than most_rows, with the remedy.
  absl::Status AddDeadLetter(int32_t partition, int64_t offset);
  // Takes a record of the topic, in the order of offsets within a partition.
  absl::Status AddRecord(const runtime::InputRecord& record);
  // Takes a row of the table. `first`: by partition the first offset that the log still holds; a
  // row of before it, or of a partition that is not there, is expired unless the topic has the same
  // row. Errors: DataLoss = this is no tuple of the table.
  absl::Status AddTuple(std::string_view tuple, const runtime::Positions& first);

  // What has come of it. Once, at the end.
  CensusReport Finish();

 private:
  struct Entry {
    int64_t row_version = 0;
    int64_t offset = 0;
    uint64_t content = 0;
    uint64_t kept = 0;
    DayNumber day = 0;
    uint32_t partition : 30 = 0;
    uint32_t is_seen : 1 = 0;     // in the table, too
    uint32_t is_refused : 1 = 0;  // in dead_letter
  };
  using Rows = absl::flat_hash_map<uint64_t, Entry>;
  using Place = std::pair<int32_t, int64_t>;

  absl::Status AddRow(const RowTuple& row);
  uint64_t HashOf(const RowTuple& row) const;
  uint64_t HashOfVersion(int64_t row_version) const;
  // The row has been erased since it was written.
  bool IsErased(uint64_t hash, const Entry& entry) const;
  bool InWindow(DayNumber day) const;
  void Match(Rows::iterator found, const RowTuple& row, bool is_expired);
  void Report(const DifferingRow& row);
  CensusGroup& GroupOf(int32_t partition, DayNumber day) {
    return report_.groups[{partition, day}];
  }
  void CountPostgres(const RowTuple& row, uint64_t hash, uint64_t content);
  absl::Status Full() const;

  const RowTable* const table_;
  const CensusOptions options_;
  KnownKeys no_keys_{1};
  RowBatch batch_;  // of one record
  Rows rows_;
  absl::flat_hash_map<uint64_t, Place> tombstones_;  // the last one of each key
  absl::flat_hash_set<Place> dead_letters_;
  CensusReport report_;
};

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_ROW_CENSUS_H_
