// What became of one batch of rows, and where the time went.
//
// Thread-safety: a value.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_WRITE_REPORT_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_WRITE_REPORT_H_

#include <array>
#include <cstdint>
#include <functional>

#include "absl/time/time.h"
#include "processors/warehouse/row_fault.h"

namespace peakend::warehouse {

struct WriteReport {
  int64_t written = 0;  // rows inserted, or over an older version
  int64_t old = 0;      // rows not newer than what was there, or than another of the batch
  int64_t erased = 0;   // rows made empty
  std::array<int64_t, kRowFaults> dead = {};  // dead letters by reason

  absl::Duration days;       // making partitions
  absl::Duration straight;   // COPY into the table itself
  absl::Duration copy;       // COPY into the temporary one
  absl::Duration upsert;     // from there into the table
  absl::Duration revisions;  // every version, where they are kept
  absl::Duration keys;
  absl::Duration commit;  // with the offsets
};

// Null = nothing is measured.
using WriteClock = std::function<absl::Time()>;

// Runs `work` and adds the time it took.
template <typename Work>
auto Timed(const WriteClock& clock, absl::Duration* total, Work work) {
  const absl::Time begin = clock ? clock() : absl::Time();
  auto result = work();
  if (clock) *total += clock() - begin;
  return result;
}

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_WRITE_REPORT_H_
