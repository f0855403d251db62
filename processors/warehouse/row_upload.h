// Rows of a batch into their table, within a transaction that somebody else began.
//
// Two ways lead there. Rows that say they are the first version of their key go straight into the
// table by COPY, which is less than half the work; if one of them is there already, or is refused,
// all that was done is undone, and the other way is taken, which is right whatever comes: COPY into
// a temporary table, then a versioned upsert. A row that PostgreSQL refuses is found there by
// halving. After a failure the straight way rests, the longer the more often it fails in a row.
//
// Thread-safety: one thread.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_ROW_UPLOAD_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_ROW_UPLOAD_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "processors/warehouse/postgres.h"
#include "processors/warehouse/row_batch.h"
#include "processors/warehouse/row_sql.h"
#include "processors/warehouse/write_report.h"

namespace peakend::warehouse {

class RowUpload {
 public:
  // Rows that were refused, in the order of the batch, and why.
  using Refused = std::vector<std::pair<size_t, absl::Status>>;

  // All must outlive it.
  RowUpload(Postgres& postgres, const RowSql& sql, const WriteClock& clock)
      : postgres_(postgres), sql_(sql), clock_(clock) {}

  // Makes the temporary table of the session. Errors: those of Postgres.
  absl::Status Prepare(const RowTable& table);

  // A transaction has begun: nothing has arrived in it yet.
  void Begin() { arrivals_filled_ = false; }
  // Writes rows [begin, end), but for those that it adds to `refused`. Errors: those of Postgres,
  // and the transaction is of no use then.
  absl::Status Write(const RowBatch& batch, size_t begin, size_t end, Refused* refused,
                     WriteReport* report);

 private:
  // Nothing was written where it fails, and the transaction goes on unless that is Unavailable.
  absl::Status TryStraight(const RowBatch& batch, size_t begin, size_t end, WriteReport* report);
  absl::Status WriteCarefully(const RowBatch& batch, size_t begin, size_t end, Refused* refused,
                              WriteReport* report);
  absl::Status TryCarefully(const RowBatch& batch, size_t begin, size_t end, WriteReport* report);

  // Runs `work` between a savepoint and its release, or goes back there when it fails. Unavailable
  // = the transaction is of no use any more.
  template <typename Work>
  absl::Status Undoable(Work work);
  absl::Status Copy(const std::string& sql, std::string_view rows, int64_t* copied);
  absl::Status Arrive(const RowTable& table, std::string_view rows, WriteReport* report);
  absl::Status Upsert(const RowTable& table, WriteReport* report, int64_t* written);

  Postgres& postgres_;
  const RowSql& sql_;
  const WriteClock& clock_;
  bool arrivals_filled_ = false;  // perhaps, in the transaction under way
  int rest_ = 0;                  // uploads until the straight way is tried again
  int next_rest_ = 1;
  std::string new_rows_;
  std::string other_rows_;
};

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_ROW_UPLOAD_H_
