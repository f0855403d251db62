#include "processors/runtime/kafka_mock_cluster.h"

#include <librdkafka/rdkafka_mock.h>

#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"

namespace peakend::runtime {
namespace {

constexpr int32_t kBroker = 1;

}  // namespace

absl::StatusOr<std::unique_ptr<KafkaMockCluster>> KafkaMockCluster::Start(
    const std::vector<std::string>& topics, int partitions, KafkaLog log) {
  std::unique_ptr<KafkaMockCluster> mock(new KafkaMockCluster());
  mock->callbacks_.log = [log = std::move(log)](int level, std::string_view line) {
    // It has no cluster to connect to: it is one.
    if (log && line.find("CONFWARN") == std::string_view::npos) log(level, line);
  };
  // The settings of an admin client turn Nagle's algorithm off, which the mock's
  // own connections inherit.
  absl::StatusOr<KafkaHandle> kafka =
      OpenKafka(KafkaRole::kAdmin, v1::Config::default_instance(), &mock->callbacks_);
  if (!kafka.ok()) return kafka.status();
  mock->kafka_ = std::move(*kafka);
  mock->cluster_ = rd_kafka_mock_cluster_new(mock->kafka_.get(), kBroker);
  if (mock->cluster_ == nullptr) {
    return absl::InternalError("the embedded Kafka cannot listen on 127.0.0.1");
  }
  for (const std::string& topic : topics) {
    const rd_kafka_resp_err_t error =
        rd_kafka_mock_topic_create(mock->cluster_, topic.c_str(), partitions, 1);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return absl::InternalError(absl::StrCat("the embedded Kafka cannot create topic ", topic,
                                              ": ", rd_kafka_err2str(error)));
    }
  }
  return mock;
}

KafkaMockCluster::~KafkaMockCluster() {
  if (cluster_ != nullptr) rd_kafka_mock_cluster_destroy(cluster_);
}

std::string KafkaMockCluster::bootstrap_servers() const {
  return rd_kafka_mock_cluster_bootstraps(cluster_);
}

void KafkaMockCluster::SetReachable(bool reachable) {
  if (reachable) {
    rd_kafka_mock_broker_set_up(cluster_, kBroker);
  } else {
    rd_kafka_mock_broker_set_down(cluster_, kBroker);
  }
}

void KafkaMockCluster::FailNext(int16_t api_key, rd_kafka_resp_err_t error) {
  rd_kafka_mock_push_request_errors(cluster_, api_key, 1, error);
}

}  // namespace peakend::runtime
