#include "processors/runtime/metrics.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "processors/runtime/engine_metrics.h"
#include "processors/runtime/metric_catalogue.h"
#include "processors/runtime/partition_metrics.h"
#include "processors/runtime/process_usage.h"

namespace peakend::runtime {
namespace {

using Buckets = prometheus::Histogram::BucketBoundaries;

Buckets BatchBuckets() {
  return {1e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5};
}

Buckets CommitBuckets() {
  return {1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
}

// A supervisor can act within seconds; the upper ones tell a delay from an outage.
Buckets AlertBuckets() {
  return {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800};
}

void Observe(prometheus::Histogram& histogram, absl::Duration duration) {
  histogram.Observe(std::max(absl::ToDoubleSeconds(duration), 0.0));
}

// The conventional process_* families.
class ProcessMetrics {
 public:
  explicit ProcessMetrics(MetricCatalogue& catalogue)
      : cpu_(catalogue.Counter("process_cpu_seconds_total", "User and system CPU time.")),
        start_(catalogue.Gauge("process_start_time_seconds", "Start, since the epoch.")),
        resident_(catalogue.Gauge("process_resident_memory_bytes", "Resident memory.")),
        virtual_(catalogue.Gauge("process_virtual_memory_bytes", "Virtual memory.")),
        threads_(catalogue.Gauge("process_threads", "Threads of the process.")),
        open_files_(catalogue.Gauge("process_open_fds", "Open file descriptors.")),
        max_files_(catalogue.Gauge("process_max_fds", "Limit of open file descriptors.")) {}

  void Update() {
    const ProcessUsage usage = ReadProcessUsage();
    RaiseTo(cpu_, usage.cpu_seconds);
    start_.Set(usage.start_time_seconds);
    resident_.Set(static_cast<double>(usage.resident_bytes));
    virtual_.Set(static_cast<double>(usage.virtual_bytes));
    threads_.Set(static_cast<double>(usage.threads));
    open_files_.Set(static_cast<double>(usage.open_files));
    max_files_.Set(static_cast<double>(usage.max_files));
  }

 private:
  prometheus::Counter& cpu_;
  prometheus::Gauge& start_;
  prometheus::Gauge& resident_;
  prometheus::Gauge& virtual_;
  prometheus::Gauge& threads_;
  prometheus::Gauge& open_files_;
  prometheus::Gauge& max_files_;
};

}  // namespace

struct Metrics::Families {
  explicit Families(const MetricsOptions& options);
  void AddRules(const std::vector<MetricsOptions::Rule>& rules);

  prometheus::Registry registry;
  MetricCatalogue catalogue{registry};
  EngineMetrics engine;
  PartitionMetrics partitions{catalogue};
  ProcessMetrics process{catalogue};
  std::mutex scrape;  // one refresh of the process's numbers at a time

  prometheus::Counter& input_bytes =
      catalogue.Counter("peakend_input_bytes_total", "Bytes of input keys and values.");
  prometheus::Histogram& batch =
      catalogue.Histogram("peakend_batch_processing_seconds",
                          "Time from a poll's answer to its state applied.", BatchBuckets());
  prometheus::Histogram& commit = catalogue.Histogram(
      "peakend_commit_seconds", "Time to deliver outputs and commit.", CommitBuckets());
  prometheus::Counter& commit_failures =
      catalogue.Counter("peakend_commit_failures_total", "Commits that had to be repeated.");
  prometheus::Counter& txn_commits =
      catalogue.Counter("peakend_txn_commits_total", "Transactions committed.");
  prometheus::Counter& txn_aborts = catalogue.Counter(
      "peakend_txn_aborts_total", "Transactions aborted; their outputs were sent again.");
  prometheus::Counter& txn_ambiguous =
      catalogue.Counter("peakend_txn_ambiguous_total",
                        "Commits without an answer, settled by the committed positions.");
  prometheus::Counter& txn_producers = catalogue.Counter(
      "peakend_txn_producers_total", "Transactional producers started, the first included.");
  prometheus::Counter& rebalances =
      catalogue.Counter("peakend_rebalances_total", "Changes of the assigned partitions.");
  prometheus::Gauge& assigned =
      catalogue.Gauge("peakend_assigned_partitions", "Partitions read by this process.");
  prometheus::Gauge& replay_left = catalogue.Gauge("peakend_replay_records_left",
                                                   "Records to read again before new ones follow.");
  prometheus::Gauge& reload_success = catalogue.Gauge(
      "peakend_config_reload_success", "Whether the last attempt to reload the policy succeeded.");
  prometheus::Gauge& reload_time =
      catalogue.Gauge("peakend_config_reload_success_timestamp_seconds",
                      "When the policy was last reloaded with success, or the start.");
  std::array<prometheus::Counter*, publish::kTopicCount> outputs = {};
  std::array<prometheus::Counter*, publish::kTopicCount> undeliverable = {};
  MetricCatalogue::Histograms& alert_latencies =
      catalogue.HistogramFamily("peakend_alert_latency_seconds",
                                "From an event to the alert that it raised, by what was watched.");
  std::map<std::string, prometheus::Histogram*, std::less<>> alert_latency;  // by rule
};

void Metrics::Families::AddRules(const std::vector<MetricsOptions::Rule>& rules) {
  engine.AddRules(rules);
  for (const MetricsOptions::Rule& rule : rules) {
    if (alert_latency.contains(rule.name)) continue;
    // Rules of one kind share one series: the family returns it again.
    alert_latency[rule.name] = &alert_latencies.Add({{"kind", rule.kind}}, AlertBuckets());
  }
}

Metrics::Families::Families(const MetricsOptions& options) : engine(options, catalogue) {
  auto& written = catalogue.CounterFamily("peakend_output_records_total", "Records written.");
  auto& lost = catalogue.CounterFamily("peakend_undeliverable_records_total",
                                       "Records that the broker can never take.");
  for (size_t topic = 0; topic < publish::kTopicCount; ++topic) {
    if (options.output_topics[topic].empty()) continue;
    const prometheus::Labels labels = {{"topic", options.output_topics[topic]}};
    outputs[topic] = &written.Add(labels);
    undeliverable[topic] = &lost.Add(labels);
  }
  AddRules(options.rules);
  catalogue.GaugeFamily("peakend_build_info", "What this program was built from; always 1.")
      .Add(prometheus::Labels(options.build.begin(), options.build.end()))
      .Set(1);
}

Metrics::Metrics(const MetricsOptions& options) : families_(std::make_unique<Families>(options)) {}
Metrics::~Metrics() = default;

void Metrics::AddRules(const std::vector<MetricsOptions::Rule>& rules) {
  families_->AddRules(rules);
}

void Metrics::SetReload(bool succeeded, absl::Time at) {
  families_->reload_success.Set(succeeded ? 1 : 0);
  if (succeeded) families_->reload_time.Set(absl::ToDoubleSeconds(at - absl::UnixEpoch()));
}

void Metrics::Update(const EngineStats& stats) {
  families_->engine.Update(stats);
  families_->partitions.Update(stats.clocks);
}

void Metrics::ObserveBatch(size_t input_bytes, absl::Duration processing) {
  families_->input_bytes.Increment(static_cast<double>(input_bytes));
  Observe(families_->batch, processing);
}

void Metrics::ObserveAlertLatency(std::string_view rule, absl::Duration latency) {
  const auto known = families_->alert_latency.find(rule);
  if (known != families_->alert_latency.end()) Observe(*known->second, latency);
}

void Metrics::ObserveCommit(absl::Duration duration) { Observe(families_->commit, duration); }
void Metrics::AddCommitFailure() { families_->commit_failures.Increment(); }

void Metrics::UpdateTransactions(const TransactionalSink::Stats& stats) {
  RaiseTo(families_->txn_commits, stats.commits);
  RaiseTo(families_->txn_aborts, stats.aborts);
  RaiseTo(families_->txn_ambiguous, stats.unknown_outcomes);
  RaiseTo(families_->txn_producers, stats.producers);
}

void Metrics::AddRebalance() { families_->rebalances.Increment(); }

void Metrics::SetAssignedPartitions(size_t partitions) {
  families_->assigned.Set(static_cast<double>(partitions));
}

void Metrics::SetReplayLeft(int64_t records) {
  families_->replay_left.Set(static_cast<double>(records));
}

void Metrics::SetConsumerLag(int32_t partition, int64_t records) {
  families_->partitions.SetLag(partition, records);
}

void Metrics::AddOutputs(publish::Topic topic, int64_t records) {
  families_->outputs[static_cast<size_t>(topic)]->Increment(static_cast<double>(records));
}

void Metrics::AddUndeliverable(publish::Topic topic) {
  families_->undeliverable[static_cast<size_t>(topic)]->Increment();
}

std::string Metrics::Expose(absl::Time now) {
  families_->partitions.SetAges(now);
  {
    const std::lock_guard lock(families_->scrape);
    families_->process.Update();
  }
  return prometheus::TextSerializer().Serialize(families_->registry.Collect());
}

}  // namespace peakend::runtime
