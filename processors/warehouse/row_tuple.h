// Rows as PostgreSQL's binary COPY gives them, read back: the same bytes that copy_format.h writes,
// so that what stands in a table can be compared with what stood in a topic.
//
// Thread-safety: pure functions; TupleSplitter has one owner.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_ROW_TUPLE_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_ROW_TUPLE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "processors/warehouse/business_day.h"
#include "processors/warehouse/copy_format.h"
#include "processors/warehouse/row_table.h"

namespace peakend::warehouse {

struct RowTuple {
  std::string_view key;
  int64_t row_version = 0;
  DayNumber day = 0;
  // Where the row stood in its topic.
  RowPlace place;
  // Hash of all columns but the place: equal if and only if the row is, but for chance (2^-64).
  uint64_t content = 0;
  // The same of those columns that an erasure leaves.
  uint64_t kept = 0;
  // All others are as an erasure makes them.
  bool is_blank = false;
  bool is_deleted = false;
};

// Hash of a row's key and day.
uint64_t RowHash(std::string_view key, DayNumber day);
// Of the key alone: of itself, or found again in a row's hash of that day.
uint64_t KeyHash(std::string_view key);
uint64_t KeyHashIn(uint64_t row_hash, DayNumber day);
// Of a version: row's hash XOR this tells versions apart.
uint64_t VersionHash(int64_t row_version);

// `bytes`: one tuple, its columns those of `table`, in their order. Nothing if it is not; a column
// that is NULL although it may not be counts as 0 or as empty. Views `bytes`.
std::optional<RowTuple> ReadTuple(const RowTable& table, std::string_view bytes);

// Cuts what COPY ... TO STDOUT (FORMAT binary) sends into tuples, however it comes in pieces. Keeps
// at most one tuple that is not whole.
class TupleSplitter {
 public:
  // The errors of `take` are passed on; DataLoss = these are no tuples.
  using Take = std::function<absl::Status(std::string_view tuple)>;
  absl::Status Add(std::string_view piece, const Take& take);

 private:
  bool header_passed_ = false;
  bool ended_ = false;
  std::string rest_;
};

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_ROW_TUPLE_H_
