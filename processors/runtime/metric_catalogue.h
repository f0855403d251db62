// Registers metric families in one call each; the only header that shows
// prometheus-cpp, for the .cc files that fill families.
//
// Thread-safety: the families are; the catalogue is used while they are made.
#ifndef PEAKEND_PROCESSORS_RUNTIME_METRIC_CATALOGUE_H_
#define PEAKEND_PROCESSORS_RUNTIME_METRIC_CATALOGUE_H_

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <cstdint>
#include <string>

namespace peakend::runtime {

class MetricCatalogue {
 public:
  using Counters = prometheus::Family<prometheus::Counter>;
  using Gauges = prometheus::Family<prometheus::Gauge>;
  using Histograms = prometheus::Family<prometheus::Histogram>;

  // `registry` owns all that is made here.
  explicit MetricCatalogue(prometheus::Registry& registry) : registry_(registry) {}

  Counters& CounterFamily(const std::string& name, const std::string& help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry_);
  }
  Gauges& GaugeFamily(const std::string& name, const std::string& help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry_);
  }
  Histograms& HistogramFamily(const std::string& name, const std::string& help) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry_);
  }
  prometheus::Counter& Counter(const std::string& name, const std::string& help) {
    return CounterFamily(name, help).Add({});
  }
  prometheus::Gauge& Gauge(const std::string& name, const std::string& help) {
    return GaugeFamily(name, help).Add({});
  }
  prometheus::Histogram& Histogram(const std::string& name, const std::string& help,
                                   const prometheus::Histogram::BucketBoundaries& buckets) {
    return HistogramFamily(name, help).Add({}, buckets);
  }

 private:
  prometheus::Registry& registry_;
};

// Brings a counter up to a total that was counted elsewhere; never down.
inline void RaiseTo(prometheus::Counter& counter, double total) {
  if (const double missing = total - counter.Value(); missing > 0) counter.Increment(missing);
}
inline void RaiseTo(prometheus::Counter& counter, int64_t total) {
  RaiseTo(counter, static_cast<double>(total));
}

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_METRIC_CATALOGUE_H_
