// `peakend export` at work: the topic is read twice, to find the rows that count and to write them.
#ifndef PEAKEND_PROCESSORS_CLI_EXPORT_RUN_H_
#define PEAKEND_PROCESSORS_CLI_EXPORT_RUN_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "peakend/v1/config.pb.h"
#include "processors/cli/invocation.h"
#include "processors/publish/rows/row_kind.h"
#include "processors/warehouse/kept_rows.h"
#include "processors/warehouse/row_lines.h"

namespace peakend::cli {

struct ExportOptions {
  publish::RowKind kind = publish::RowKind::kTouchpoint;
  warehouse::KeptRowsOptions rows;
  warehouse::RowLineFormat format = warehouse::RowLineFormat::kNdjson;
  bool zstd = false;
  bool replace = false;
  std::string output;  // "-" = the standard output
};

struct ExportReport {
  int64_t rows = 0;
  int64_t bytes = 0;     // as they stand in the output
  int64_t left_out = 0;  // deleted or erased
  int64_t faulty = 0;    // records that are no row
};

// Writes the rows of one topic by partition and offset: the same records give the same bytes.
// Those that come while it runs are not of it. `stop` is asked often. On an error nothing of a file
// is left. REQUIRES: the kind is enabled. Errors: AlreadyExists = the output is; ResourceExhausted
// = too many rows, with the remedy; DataLoss = rows left the log meanwhile; Cancelled = `stop` said
// so; Unavailable; those of KafkaReader.
absl::StatusOr<ExportReport> Export(const ExportOptions& options, const v1::Config& config,
                                    const std::function<bool()>& stop, Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_EXPORT_RUN_H_
