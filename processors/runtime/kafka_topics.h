// What the topics should be, what they are, and what follows from the difference.
//
// The input decides the partition count; every output has the same, because an
// output goes to the partition number of its input.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_TOPICS_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_TOPICS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "peakend/v1/config.pb.h"
#include "peakend/v1/policy.pb.h"

namespace peakend::runtime {

// A topic, as it is or as it should be.
struct TopicDescription {
  std::string name;
  int32_t partitions = 0;
  int32_t replication_factor = 0;  // 0 = the broker's default
  std::map<std::string, std::string> settings;
};

struct ClusterDescription {
  std::vector<std::string> brokers;  // host:port
  // By name; only topics of the configuration that exist. Settings:
  // message.timestamp.type, max.message.bytes, cleanup.policy, retention.ms,
  // min.insync.replicas.
  std::map<std::string, TopicDescription, std::less<>> topics;
};

struct TopicPlan {
  std::vector<TopicDescription> create;
  std::vector<std::string> unchanged;
  // One sentence each on an existing topic that is not as it should be; nothing of
  // an existing topic is ever changed.
  std::vector<std::string> differences;
};

// All topics of `config` as they should be, the input first. `partitions` of the
// input: what exists, else what is configured.
std::vector<TopicDescription> WantedTopics(const ClusterDescription& cluster,
                                           const v1::Config& config);

TopicPlan PlanTopics(const ClusterDescription& cluster, const v1::Config& config);

// Whether `run` may start. Errors: NotFound = topics are missing, with the command
// that makes them; FailedPrecondition = an output's partition count differs from
// the input's, the input is compacted or takes no record as large as `policy` may make
// linked customers write each other, or the changelog is not compacted alone.
absl::Status CheckTopics(const ClusterDescription& cluster, const v1::Config& config,
                         const v1::Policy& policy);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_TOPICS_H_
