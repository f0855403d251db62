// What operators of a sink watch, in the Prometheus text format. No label holds anything of a row.
//
// Every family is there from the start with all of its label values at 0.
//
// Thread-safety: all methods may be called from any thread.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_SINK_METRICS_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_SINK_METRICS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "processors/warehouse/row_sink.h"
#include "processors/warehouse/row_table.h"

namespace peakend::warehouse {

class SinkMetrics {
 public:
  // `tables` are those that are written.
  explicit SinkMetrics(const std::vector<RowKind>& tables);
  ~SinkMetrics();
  SinkMetrics(const SinkMetrics&) = delete;
  SinkMetrics& operator=(const SinkMetrics&) = delete;

  // REQUIRES, here and below: `table` is one of those above.
  void AddBatch(RowKind table, const WriteReport& report, size_t records, absl::Duration took,
                absl::Time at);
  void SetLag(RowKind table, int64_t records);
  void AddRetry();
  void AddFenced(RowKind table);
  // Whether PostgreSQL answers.
  void SetConnected(bool connected);

  std::string Expose() const;

 private:
  struct Families;
  const std::unique_ptr<Families> families_;
};

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_SINK_METRICS_H_
