// The series of the assigned partitions: made at the first sight of a partition,
// gone when it is given up, so that nobody pages on a partition of somebody else.
//
// Thread-safety: all methods may be called from any thread.
#ifndef PEAKEND_PROCESSORS_RUNTIME_PARTITION_METRICS_H_
#define PEAKEND_PROCESSORS_RUNTIME_PARTITION_METRICS_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "absl/time/time.h"
#include "processors/runtime/engine_stats.h"
#include "processors/runtime/metric_catalogue.h"

namespace peakend::runtime {

class PartitionMetrics {
 public:
  explicit PartitionMetrics(MetricCatalogue& catalogue);

  // `clocks` are all partitions assigned now.
  void Update(const std::map<int32_t, EngineStats::Clock>& clocks);
  // Ignored for a partition that is not assigned.
  void SetLag(int32_t partition, int64_t records);
  // Sets the age of each partition's newest event: 0 where nothing is left to read.
  void SetAges(absl::Time now);

 private:
  struct Series {
    prometheus::Gauge* watermark = nullptr;
    prometheus::Gauge* time_lag = nullptr;
    prometheus::Gauge* notices = nullptr;
    prometheus::Gauge* record_lag = nullptr;
    prometheus::Gauge* policy_info = nullptr;
    std::string policy;
    int64_t now_ms = 0;
    int64_t lag = -1;  // -1 = not known yet
  };

  void SetPolicy(int32_t partition, const std::string& policy, Series& series);

  MetricCatalogue::Gauges& watermarks_;
  MetricCatalogue::Gauges& time_lags_;
  MetricCatalogue::Gauges& notices_;
  MetricCatalogue::Gauges& record_lags_;
  MetricCatalogue::Gauges& policies_;
  std::mutex mutex_;  // guards all below
  std::map<int32_t, Series> series_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_PARTITION_METRICS_H_
