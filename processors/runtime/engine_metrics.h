// The families that show EngineStats.
//
// Thread-safety: Update on one thread; reading through the registry on any.
#ifndef PEAKEND_PROCESSORS_RUNTIME_ENGINE_METRICS_H_
#define PEAKEND_PROCESSORS_RUNTIME_ENGINE_METRICS_H_

#include <array>
#include <map>
#include <string>

#include "processors/runtime/engine_stats.h"
#include "processors/runtime/metric_catalogue.h"
#include "processors/runtime/metrics.h"

namespace peakend::runtime {

class EngineMetrics {
 public:
  EngineMetrics(const MetricsOptions& options, MetricCatalogue& catalogue);

  // Those that are not known yet.
  void AddRules(const std::vector<MetricsOptions::Rule>& rules);
  void Update(const EngineStats& stats);

 private:
  void AddEvents(const std::string& topic, MetricCatalogue& catalogue);
  void UpdateRejected(const EngineStats& stats);
  void UpdateIdentities(const publish::IdentityCounts& counts);

  // By v1::Alert::State; UNSPECIFIED has none.
  using States = std::array<prometheus::Counter*, 8>;

  prometheus::Counter* ok_ = nullptr;
  prometheus::Counter* duplicate_ = nullptr;
  prometheus::Counter* late_ = nullptr;
  prometheus::Counter* identity_ = nullptr;
  prometheus::Counter* invalid_ = nullptr;
  prometheus::Counter* unknown_schema_ = nullptr;
  std::array<prometheus::Counter*, kRejectReasons> rejected_ = {};
  std::array<prometheus::Counter*, 5> moments_ = {};
  std::map<std::string, States, std::less<>> alerts_;
  prometheus::Counter& journey_revisions_;
  prometheus::Counter& journeys_closed_;
  prometheus::Counter& opening_cards_;
  prometheus::Counter& alerts_over_budget_;
  MetricCatalogue::Counters& alert_changes_;
  prometheus::Counter& merged_;
  prometheus::Counter& split_;
  prometheus::Counter& shared_;
  prometheus::Counter& absorbed_;
  prometheus::Counter& bounced_;
  prometheus::Counter& late_parts_;
  prometheus::Counter& records_lost_;
  prometheus::Gauge& journeys_open_;
  prometheus::Gauge& customers_;
  prometheus::Gauge& state_bytes_;
  prometheus::Gauge& customers_unwritten_;
  prometheus::Counter& clock_ticks_;
  prometheus::Counter& digest_differences_;
  MetricCatalogue::Counters& snapshots_;
  prometheus::Counter& snapshots_written_;
  prometheus::Counter& snapshots_failed_;
  prometheus::Counter& snapshots_used_;
  prometheus::Counter& snapshots_unusable_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_ENGINE_METRICS_H_
