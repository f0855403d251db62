// What operators watch, in the Prometheus text format.
//
// Every family without a partition label is there from the start with all of its
// label values at 0, so that a rate never misses the first increment; series of a
// partition come and go with its assignment. No label holds a customer, an agent, a
// contact or a journey.
//
// Thread-safety: all methods may be called from any thread. One scrape is not one
// instant: counters that change meanwhile may be seen before or after.
#ifndef PEAKEND_PROCESSORS_RUNTIME_METRICS_H_
#define PEAKEND_PROCESSORS_RUNTIME_METRICS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "processors/publish/output.h"
#include "processors/runtime/engine_stats.h"
#include "processors/runtime/transactional_sink.h"

namespace peakend::runtime {

struct MetricsOptions {
  MetricsOptions() {
    for (size_t i = 0; i < output_topics.size(); ++i) {
      output_topics[i] = std::string(publish::kDefaultTopicNames[i]);
    }
  }

  std::string input_topic;
  // By publish::Topic; an empty one is not written to.
  std::array<std::string, publish::kTopicCount> output_topics;
  // A policy's rule: name, what it watches (RulePolicy.on), severity.
  struct Rule {
    std::string name;
    std::string kind;
    std::string severity;
  };
  std::vector<Rule> rules;
  // Labels of peakend_build_info: version, librdkafka, ...
  std::vector<std::pair<std::string, std::string>> build;
};

class Metrics {
 public:
  explicit Metrics(const MetricsOptions& options);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // A policy with these rules counts: those that are not known yet get their series. One that is
  // known keeps its kind and severity.
  void AddRules(const std::vector<MetricsOptions::Rule>& rules);

  // The policy was read again, with success or without.
  void SetReload(bool succeeded, absl::Time at);

  // Takes over what the engine counted. Totals only grow: smaller ones than before
  // change nothing. Partitions missing in stats.clocks lose their series.
  void Update(const EngineStats& stats);

  // One batch went through the engine: bytes of keys and values, and the time it took.
  void ObserveBatch(size_t input_bytes, absl::Duration processing);
  // An alert was produced this long after its event happened; negative counts as 0.
  // Not for alerts of a replay, which would count twice. Rules that are not known are ignored.
  void ObserveAlertLatency(std::string_view rule, absl::Duration latency);
  // A commit took this long.
  void ObserveCommit(absl::Duration duration);
  void AddCommitFailure();
  // Takes over what the transactions came to; only for exactly-once delivery.
  void UpdateTransactions(const TransactionalSink::Stats& stats);
  void AddRebalance();
  void SetAssignedPartitions(size_t partitions);
  void SetReplayLeft(int64_t records);
  // Records between our position and the end of the partition's log; ignored for a
  // partition that is not among the engine's.
  void SetConsumerLag(int32_t partition, int64_t records);
  void AddOutputs(publish::Topic topic, int64_t records);
  // The broker can never take this record (too large, topic gone).
  void AddUndeliverable(publish::Topic topic);

  // All of it as text. `now` is compared with the partitions' event times.
  std::string Expose(absl::Time now);

 private:
  struct Families;
  const std::unique_ptr<Families> families_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_METRICS_H_
