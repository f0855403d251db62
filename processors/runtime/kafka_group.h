// A consumer group seen from outside: who is in it, and what it has committed.
//
// Thread-safety: one thread. Each call waits at most the limit given to Open.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_GROUP_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_GROUP_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "peakend/v1/config.pb.h"
#include "processors/runtime/kafka_client.h"
#include "processors/runtime/kafka_handle.h"

namespace peakend::runtime {

struct GroupDescription {
  std::string state;  // Kafka's word; "Dead" = nobody knows the group
  int32_t members = 0;
};

class KafkaGroup {
 public:
  // The group of `config`. Connects in the background. Errors: InvalidArgument =
  // the configuration.
  static absl::StatusOr<std::unique_ptr<KafkaGroup>> Open(const v1::Config& config, KafkaLog log,
                                                          absl::Duration limit);

  // Errors: Unavailable = no answer; PermissionDenied.
  absl::StatusOr<GroupDescription> Describe();

  // By partition of `topic`, those that have an offset; a transaction that is being
  // committed does not count. A coordinator that moves or loads its log is asked again
  // until the limit. Errors as Describe.
  absl::StatusOr<std::map<int32_t, int64_t>> Committed(const std::string& topic);

  // The same of the first `partitions` when no transaction is being committed. Errors besides:
  // Unavailable = one was for all of the limit.
  absl::StatusOr<std::map<int32_t, int64_t>> Settled(const std::string& topic, int32_t partitions);

 private:
  KafkaGroup(std::string group_id, absl::Duration limit)
      : group_id_(std::move(group_id)), limit_(limit) {}
  // Of `partitions`, or where it is null of all that have an offset.
  absl::StatusOr<std::map<int32_t, int64_t>> AskUntilAnswered(
      const std::string& topic, const rd_kafka_topic_partition_list_t* partitions);
  absl::StatusOr<std::map<int32_t, int64_t>> Ask(const std::string& topic,
                                                 const rd_kafka_topic_partition_list_t* partitions);
  KafkaAdminOptions Options(rd_kafka_admin_op_t operation) const;
  absl::StatusOr<KafkaEvent> Answer(rd_kafka_queue_t* queue, const std::string& what) const;

  const std::string group_id_;
  const absl::Duration limit_;
  KafkaCallbacks callbacks_;
  KafkaHandle kafka_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_GROUP_H_
