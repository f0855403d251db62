// Batches of rows into PostgreSQL, each exactly once: rows, erasures, dead letters, keys of
// dimensions and the new offsets are one transaction.
//
// The offsets are moved by compare-and-set: a batch whose offsets are not where it expects them
// changes nothing (Aborted), so that an instance that was replaced without noticing does no harm. A
// row is written over one with a lower row_version only. A row that PostgreSQL refuses is found by
// halving the batch within the transaction, and becomes a dead letter; all the others are written.
//
// Thread-safety: one thread. No clock but the one it is given, which only measures.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_ROW_SINK_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_ROW_SINK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "processors/runtime/progress.h"
#include "processors/warehouse/day_partitions.h"
#include "processors/warehouse/postgres.h"
#include "processors/warehouse/row_batch.h"
#include "processors/warehouse/row_sql.h"
#include "processors/warehouse/row_table.h"
#include "processors/warehouse/row_upload.h"
#include "processors/warehouse/write_report.h"

namespace peakend::warehouse {

struct RowSinkOptions {
  std::string conninfo;
  std::string schema = "peakend";
  // Under which name the offsets stand in sink_offset: sinks of different names do not know of each
  // other, and each writes everything.
  std::string name = "postgres";
  // Partitions by day that one batch may make in a table; rows of further days go to the default
  // one.
  size_t most_new_days = 400;
  WriteClock clock;
};

class RowSink {
 public:
  // Connects and checks `tables`, those that will be written; they must outlive the sink. Errors:
  // FailedPrecondition = the schema is not as it must be; those of Postgres.
  static absl::StatusOr<std::unique_ptr<RowSink>> Open(RowSinkOptions options,
                                                       absl::Span<const RowTable* const> tables);

  // By partition the next offset to read of `topic`. Errors: those of Postgres.
  absl::StatusOr<runtime::Positions> Offsets(const std::string& topic);
  // The first offset of a partition that has none yet; one that is there stays.
  absl::Status BeginAt(const std::string& topic, int32_t partition, int64_t offset);
  // Goes on elsewhere, over records that are lost.
  absl::Status SkipTo(const std::string& topic, int32_t partition, int64_t offset);

  // Writes `batch`, whose partitions are expected to stand at `expected`. Errors: Aborted = they do
  // not; Unavailable = nothing was written, or, after a lost connection, everything: Offsets says
  // which; others are final.
  absl::StatusOr<WriteReport> Write(const std::string& topic, const RowBatch& batch,
                                    const runtime::Positions& expected);

  bool connected() const { return postgres_->connected(); }
  // The server's process of our connection.
  int process_id() const { return postgres_->process_id(); }

 private:
  RowSink(RowSinkOptions options, std::unique_ptr<Postgres> postgres);
  absl::Status Prepare(absl::Span<const RowTable* const> tables);
  absl::Status WriteAll(const std::string& topic, const RowBatch& batch,
                        const runtime::Positions& expected, WriteReport* report);
  absl::Status WriteSegment(const RowBatch& batch, const RowBatch::Segment& segment,
                            RowUpload::Refused* refused, WriteReport* report);
  absl::Status Erase(const RowTable& table, const RowBatch::Segment& segment, WriteReport* report);
  absl::Status WriteKeys(const RowBatch& batch, const RowUpload::Refused& refused);
  absl::Status WriteDeadLetters(const std::string& topic, const RowBatch& batch,
                                const RowUpload::Refused& refused, WriteReport* report);
  absl::Status MoveOffsets(const std::string& topic, const runtime::Positions& expected,
                           const runtime::Positions& next);

  const RowSinkOptions options_;
  const RowSql sql_;
  const std::unique_ptr<Postgres> postgres_;
  RowUpload upload_;
  DayPartitions days_;
};

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_ROW_SINK_H_
