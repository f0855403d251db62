#include "processors/runtime/partition_metrics.h"

#include <algorithm>
#include <string>

namespace peakend::runtime {

PartitionMetrics::PartitionMetrics(MetricCatalogue& catalogue)
    : watermarks_(catalogue.GaugeFamily("peakend_watermark_timestamp_seconds",
                                        "Event time up to which the input is taken as complete.")),
      time_lags_(catalogue.GaugeFamily(
          "peakend_event_time_lag_seconds",
          "Age of the newest processed event; 0 while nothing is left to read.")),
      notices_(catalogue.GaugeFamily(
          "peakend_notices", "Notices to many customers that the partition may still need.")),
      record_lags_(catalogue.GaugeFamily("peakend_consumer_lag_records",
                                         "Records between our position and the log's end.")),
      policies_(catalogue.GaugeFamily("peakend_policy_info",
                                      "The policy that counts in a partition; always 1.")) {}

void PartitionMetrics::SetPolicy(int32_t partition, const std::string& policy, Series& series) {
  if (series.policy_info != nullptr && series.policy == policy) return;
  if (series.policy_info != nullptr) policies_.Remove(series.policy_info);
  series.policy = policy;
  series.policy_info =
      &policies_.Add({{"partition", std::to_string(partition)}, {"policy", policy}});
  series.policy_info->Set(1);
}

void PartitionMetrics::Update(const std::map<int32_t, EngineStats::Clock>& clocks) {
  const std::lock_guard lock(mutex_);
  for (auto it = series_.begin(); it != series_.end();) {
    if (clocks.contains(it->first)) {
      ++it;
      continue;
    }
    watermarks_.Remove(it->second.watermark);
    time_lags_.Remove(it->second.time_lag);
    notices_.Remove(it->second.notices);
    policies_.Remove(it->second.policy_info);
    if (it->second.record_lag != nullptr) record_lags_.Remove(it->second.record_lag);
    it = series_.erase(it);
  }
  for (const auto& [partition, clock] : clocks) {
    const auto [it, added] = series_.try_emplace(partition);
    Series& series = it->second;
    if (added) {
      const prometheus::Labels labels = {{"partition", std::to_string(partition)}};
      series.watermark = &watermarks_.Add(labels);
      series.time_lag = &time_lags_.Add(labels);
      series.notices = &notices_.Add(labels);
    }
    SetPolicy(partition, clock.policy, series);
    series.now_ms = clock.now_ms;
    series.notices->Set(static_cast<double>(clock.notices));
    // Before the first event the clock stands at "never".
    series.watermark->Set(static_cast<double>(std::max<int64_t>(clock.watermark_ms, 0)) / 1e3);
  }
}

void PartitionMetrics::SetLag(int32_t partition, int64_t records) {
  const std::lock_guard lock(mutex_);
  const auto it = series_.find(partition);
  if (it == series_.end()) return;
  Series& series = it->second;
  if (series.record_lag == nullptr) {
    series.record_lag = &record_lags_.Add({{"partition", std::to_string(partition)}});
  }
  series.lag = std::max<int64_t>(records, 0);
  series.record_lag->Set(static_cast<double>(series.lag));
}

void PartitionMetrics::SetAges(absl::Time now) {
  const std::lock_guard lock(mutex_);
  const int64_t now_ms = absl::ToUnixMillis(now);
  for (auto& [partition, series] : series_) {
    const bool current = series.lag == 0 || series.now_ms <= 0;
    const int64_t age_ms = current ? 0 : std::max<int64_t>(now_ms - series.now_ms, 0);
    series.time_lag->Set(static_cast<double>(age_ms) / 1e3);
  }
}

}  // namespace peakend::runtime
