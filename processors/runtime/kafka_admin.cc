#include "processors/runtime/kafka_admin.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "processors/runtime/kafka_metadata.h"

namespace peakend::runtime {
namespace {

constexpr absl::Duration kAskAgainAfter = absl::Milliseconds(20);
constexpr std::array<std::string_view, 7> kSettings = {
    "message.timestamp.type", "max.message.bytes",          "cleanup.policy",     "retention.ms",
    "min.insync.replicas",    "transaction.max.timeout.ms", "delete.retention.ms"};

void TakeSettings(const rd_kafka_ConfigResource_t* resource,
                  std::map<std::string, std::string>* settings) {
  size_t count = 0;
  const rd_kafka_ConfigEntry_t** entries = rd_kafka_ConfigResource_configs(resource, &count);
  for (size_t i = 0; i < count; ++i) {
    const std::string_view name = rd_kafka_ConfigEntry_name(entries[i]);
    const char* value = rd_kafka_ConfigEntry_value(entries[i]);
    for (const std::string_view wanted : kSettings) {
      if (name == wanted && value != nullptr) (*settings)[std::string(name)] = value;
    }
  }
}

absl::StatusOr<KafkaNewTopic> NewTopic(const TopicDescription& topic) {
  std::array<char, 512> error{};
  const int replication = topic.replication_factor > 0 ? topic.replication_factor : -1;
  KafkaNewTopic result(rd_kafka_NewTopic_new(topic.name.c_str(), topic.partitions, replication,
                                             error.data(), error.size()));
  if (result == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("topic ", topic.name, ": ", error.data()));
  }
  for (const auto& [name, value] : topic.settings) {
    rd_kafka_NewTopic_set_config(result.get(), name.c_str(), value.c_str());
  }
  return result;
}

// The first refusal, if any; a topic that exists by now is as good as created.
absl::Status Refusal(rd_kafka_event_t* event) {
  size_t count = 0;
  const rd_kafka_topic_result_t** results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
  for (size_t i = 0; i < count; ++i) {
    const rd_kafka_resp_err_t error = rd_kafka_topic_result_error(results[i]);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
      continue;
    }
    const char* reason = rd_kafka_topic_result_error_string(results[i]);
    return absl::FailedPreconditionError(
        absl::StrCat("cannot create topic ", rd_kafka_topic_result_name(results[i]), ": ",
                     reason != nullptr ? reason : rd_kafka_err2str(error)));
  }
  return absl::OkStatus();
}

}  // namespace

KafkaAdmin::KafkaAdmin(const v1::Config& config, absl::Duration limit)
    : config_(config), limit_(limit), outage_(config.kafka()) {}

absl::StatusOr<std::unique_ptr<KafkaAdmin>> KafkaAdmin::Open(const v1::Config& config, KafkaLog log,
                                                             absl::Duration limit) {
  std::unique_ptr<KafkaAdmin> admin(new KafkaAdmin(config, limit));
  KafkaAdmin* self = admin.get();
  admin->callbacks_.log = std::move(log);
  admin->callbacks_.error = [self](rd_kafka_resp_err_t error, std::string_view reason) {
    self->outage_.Saw(error, reason);
  };
  absl::StatusOr<KafkaHandle> kafka = OpenKafka(KafkaRole::kAdmin, config, &admin->callbacks_);
  if (!kafka.ok()) return kafka.status();
  admin->kafka_ = std::move(*kafka);
  return admin;
}

absl::StatusOr<ClusterDescription> KafkaAdmin::DescribeCluster() {
  absl::StatusOr<KafkaMetadata> metadata = KafkaClusterMetadata(kafka_.get(), &outage_, limit_);
  if (!metadata.ok()) return metadata.status();
  ClusterDescription cluster;
  for (int i = 0; i < (*metadata)->broker_cnt; ++i) {
    const rd_kafka_metadata_broker_t& broker = (*metadata)->brokers[i];
    cluster.brokers.push_back(absl::StrCat(broker.host, ":", broker.port));
  }
  for (const TopicDescription& wanted : WantedTopics(cluster, config_)) {
    for (int i = 0; i < (*metadata)->topic_cnt; ++i) {
      const rd_kafka_metadata_topic_t& entry = (*metadata)->topics[i];
      if (wanted.name != entry.topic || entry.partition_cnt == 0) continue;
      TopicDescription topic;
      topic.name = wanted.name;
      topic.partitions = entry.partition_cnt;
      topic.replication_factor = entry.partitions[0].replica_cnt;
      cluster.topics[topic.name] = std::move(topic);
    }
  }
  ReadSettings(&cluster);
  return cluster;
}

KafkaAdminOptions KafkaAdmin::Options(rd_kafka_admin_op_t operation) const {
  KafkaAdminOptions options(rd_kafka_AdminOptions_new(kafka_.get(), operation));
  std::array<char, 128> error{};
  rd_kafka_AdminOptions_set_request_timeout(options.get(), KafkaMilliseconds(limit_), error.data(),
                                            error.size());
  return options;
}

absl::StatusOr<std::map<std::string, std::string>> KafkaAdmin::BrokerSettings() {
  absl::StatusOr<KafkaMetadata> metadata = KafkaClusterMetadata(kafka_.get(), &outage_, limit_);
  if (!metadata.ok()) return metadata.status();
  std::map<std::string, std::string> settings;
  if ((*metadata)->broker_cnt == 0) return settings;
  const std::string id = absl::StrCat((*metadata)->brokers[0].id);
  KafkaConfigResource broker(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_BROKER, id.c_str()));
  DescribeConfigs({broker.get()}, [&settings](const rd_kafka_ConfigResource_t* answer) {
    TakeSettings(answer, &settings);
  });
  return settings;
}

void KafkaAdmin::ReadSettings(ClusterDescription* cluster) {
  std::vector<KafkaConfigResource> owners;
  std::vector<rd_kafka_ConfigResource_t*> resources;
  for (const auto& [name, topic] : cluster->topics) {
    owners.emplace_back(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name.c_str()));
    resources.push_back(owners.back().get());
  }
  DescribeConfigs(std::move(resources), [cluster](const rd_kafka_ConfigResource_t* answer) {
    const auto topic = cluster->topics.find(rd_kafka_ConfigResource_name(answer));
    if (topic != cluster->topics.end()) TakeSettings(answer, &topic->second.settings);
  });
}

void KafkaAdmin::DescribeConfigs(
    std::vector<rd_kafka_ConfigResource_t*> resources,
    const std::function<void(const rd_kafka_ConfigResource_t*)>& take) {
  if (resources.empty()) return;
  const KafkaQueue answers(rd_kafka_queue_new(kafka_.get()));
  const KafkaAdminOptions options = Options(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
  rd_kafka_DescribeConfigs(kafka_.get(), resources.data(), resources.size(), options.get(),
                           answers.get());
  const KafkaEvent event(rd_kafka_queue_poll(answers.get(), KafkaMilliseconds(limit_)));
  if (event == nullptr || rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  size_t count = 0;
  const rd_kafka_ConfigResource_t** results = rd_kafka_DescribeConfigs_result_resources(
      rd_kafka_event_DescribeConfigs_result(event.get()), &count);
  for (size_t i = 0; i < count; ++i) take(results[i]);
}

absl::StatusOr<TopicPlan> KafkaAdmin::CreateTopics(bool dry_run) {
  absl::StatusOr<ClusterDescription> cluster = DescribeCluster();
  if (!cluster.ok()) return cluster.status();
  TopicPlan plan = PlanTopics(*cluster, config_);
  if (dry_run || plan.create.empty()) return plan;
  absl::Status created = Create(plan.create);
  if (created.ok()) created = Await(plan.create);
  if (!created.ok()) return created;
  return plan;
}

// The answer comes before brokers tell of the topics, and a worker that starts in
// between would miss them.
absl::Status KafkaAdmin::Await(const std::vector<TopicDescription>& topics) {
  const absl::Time deadline = absl::Now() + limit_;
  while (absl::Now() < deadline) {
    const absl::StatusOr<ClusterDescription> cluster = DescribeCluster();
    if (!cluster.ok()) return cluster.status();
    const bool known = std::all_of(
        topics.begin(), topics.end(),
        [&](const TopicDescription& topic) { return cluster->topics.contains(topic.name); });
    if (known) return absl::OkStatus();
    absl::SleepFor(kAskAgainAfter);
  }
  return absl::UnavailableError("the topics were created, but no broker tells of them yet");
}

absl::Status KafkaAdmin::Create(const std::vector<TopicDescription>& topics) {
  std::vector<KafkaNewTopic> owners;
  std::vector<rd_kafka_NewTopic_t*> requests;
  for (const TopicDescription& topic : topics) {
    absl::StatusOr<KafkaNewTopic> request = NewTopic(topic);
    if (!request.ok()) return request.status();
    requests.push_back(request->get());
    owners.push_back(std::move(*request));
  }
  const KafkaQueue answers(rd_kafka_queue_new(kafka_.get()));
  const KafkaAdminOptions options = Options(RD_KAFKA_ADMIN_OP_CREATETOPICS);
  rd_kafka_CreateTopics(kafka_.get(), requests.data(), requests.size(), options.get(),
                        answers.get());
  const KafkaEvent event(rd_kafka_queue_poll(answers.get(), KafkaMilliseconds(limit_)));
  if (event == nullptr) return absl::UnavailableError("no answer to the request to create topics");
  const rd_kafka_resp_err_t error = rd_kafka_event_error(event.get());
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaStatus(error, "cannot create topics");
  return Refusal(event.get());
}

}  // namespace peakend::runtime
