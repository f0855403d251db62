// What `peakend reconcile` was asked, and what it found.
#ifndef PEAKEND_PROCESSORS_CLI_RECONCILIATION_H_
#define PEAKEND_PROCESSORS_CLI_RECONCILIATION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "processors/warehouse/row_census.h"

namespace peakend::cli {

struct ReconcileOptions {
  std::string conninfo;
  std::string schema = "peakend";
  std::string sink = "postgres";  // whose offsets count
  warehouse::CensusOptions census;
};

// One kind of rows.
struct TableReconciliation {
  std::string table;
  std::string topic;
  warehouse::CensusReport census;
  int64_t lag = 0;   // records that the sink has not come to
  int64_t lost = 0;  // offsets that left the log before it had

  int64_t differences() const { return census.differences() + lost; }
};
using Reconciliation = std::vector<TableReconciliation>;

// For people: a line for each table, then the rows that differ, then the sum.
std::string ReconciliationText(const Reconciliation& found);
// One JSON object and a line feed; with the counts and checksums of each partition and day.
std::string ReconciliationJson(const Reconciliation& found);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_RECONCILIATION_H_
