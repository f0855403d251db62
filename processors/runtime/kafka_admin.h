// Asks a cluster what it is, and creates our topics in it.
//
// Thread-safety: one thread. Each call waits at most the limit given to Open.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_ADMIN_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_ADMIN_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "peakend/v1/config.pb.h"
#include "processors/runtime/kafka_client.h"
#include "processors/runtime/kafka_outage.h"
#include "processors/runtime/kafka_topics.h"

namespace peakend::runtime {

class KafkaAdmin {
 public:
  // Errors: InvalidArgument = the configuration.
  static absl::StatusOr<std::unique_ptr<KafkaAdmin>> Open(const v1::Config& config, KafkaLog log,
                                                          absl::Duration limit);

  // Brokers and those of our topics that exist. Settings stay empty where the
  // broker does not tell them to us. Errors: Unavailable names broker, protocol and
  // likely cause.
  absl::StatusOr<ClusterDescription> DescribeCluster();

  // What a broker tells of its own settings: transaction.max.timeout.ms. Empty when
  // it does not. Errors: as DescribeCluster.
  absl::StatusOr<std::map<std::string, std::string>> BrokerSettings();

  // Creates what is missing, waits until the cluster tells of it, and returns what
  // was (dry run: would be) created, and how existing topics differ. One that
  // somebody creates meanwhile is no error. Errors: as DescribeCluster;
  // FailedPrecondition = the broker refuses, and why.
  absl::StatusOr<TopicPlan> CreateTopics(bool dry_run);

 private:
  KafkaAdmin(const v1::Config& config, absl::Duration limit);
  void ReadSettings(ClusterDescription* cluster);
  // Hands over the answers; none when the broker refuses.
  void DescribeConfigs(std::vector<rd_kafka_ConfigResource_t*> resources,
                       const std::function<void(const rd_kafka_ConfigResource_t*)>& take);
  KafkaAdminOptions Options(rd_kafka_admin_op_t operation) const;
  absl::Status Create(const std::vector<TopicDescription>& topics);
  absl::Status Await(const std::vector<TopicDescription>& topics);

  const v1::Config config_;
  const absl::Duration limit_;
  KafkaCallbacks callbacks_;
  KafkaOutage outage_;
  KafkaHandle kafka_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_ADMIN_H_
