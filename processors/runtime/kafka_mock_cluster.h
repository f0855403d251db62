// A Kafka stand-in inside this process, on librdkafka's mock cluster: enough for
// the demo and for tests of error paths. Clients (also of other processes) reach it
// by TCP on 127.0.0.1.
//
// Its limits, none of which an error tells about:
//   - it keeps the newest 5 MB or 100,000 batches of a partition and forgets the
//     rest, and everything when it is destroyed;
//   - at-least-once only: transactions are accepted and mean nothing;
//   - a fetch does not wake up on new data, it sleeps its full fetch.wait.max.ms;
//   - topics can be created here alone; timestamps are the producer's.
//
// Thread-safety: any thread; it runs a thread of its own.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_MOCK_CLUSTER_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_MOCK_CLUSTER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "processors/runtime/kafka_client.h"

// The mock's own type, whose header needs the whole of librdkafka.
struct rd_kafka_mock_cluster_s;

namespace peakend::runtime {

class KafkaMockCluster {
 public:
  // One broker with these topics, each of `partitions` partitions. Errors: Internal
  // = no socket or thread.
  static absl::StatusOr<std::unique_ptr<KafkaMockCluster>> Start(
      const std::vector<std::string>& topics, int partitions, KafkaLog log);
  ~KafkaMockCluster();

  // For kafka.bootstrap_servers.
  std::string bootstrap_servers() const;

  // The broker stops to answer, or answers again.
  void SetReachable(bool reachable);
  // The next request of kind `api_key` (Kafka's number) is answered with `error`.
  void FailNext(int16_t api_key, rd_kafka_resp_err_t error);

 private:
  KafkaMockCluster() = default;

  KafkaCallbacks callbacks_;
  KafkaHandle kafka_;
  rd_kafka_mock_cluster_s* cluster_ = nullptr;  // owned; goes before kafka_
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_MOCK_CLUSTER_H_
