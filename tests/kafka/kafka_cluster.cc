#include "tests/kafka/kafka_cluster.h"

#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "absl/time/clock.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/kafka_admin.h"
#include "processors/runtime/kafka_offsets.h"

namespace peakend::runtime {
namespace {

// The broker may outlive this process and serve several.
std::string OwnName() {
  return std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + "-" +
         std::to_string(getpid()) + "-" + std::to_string(absl::ToUnixMillis(absl::Now()));
}

v1::Config OwnConfig(const std::string& servers, const std::string& own, int partitions) {
  v1::Config config;
  v1::KafkaConfig* kafka = config.mutable_kafka();
  kafka->set_bootstrap_servers(servers);
  kafka->set_group_id(own);
  kafka->mutable_session_timeout()->set_seconds(6);
  config.mutable_shutdown()->mutable_limit()->set_seconds(20);
  config.mutable_baseline()->mutable_window()->set_seconds(int64_t{28} * 86'400);
  v1::TopicsConfig* topics = config.mutable_topics();
  topics->mutable_interaction_events()->set_name(own + "-in");
  topics->mutable_interaction_events()->set_partitions(static_cast<uint32_t>(partitions));
  topics->mutable_moment_alerts()->set_name(own + "-alerts");
  topics->mutable_moments()->set_name(own + "-moments");
  topics->mutable_journeys()->set_name(own + "-journeys");
  topics->mutable_rejected_records()->set_name(own + "-rejected");
  topics->mutable_late_events()->set_name(own + "-late");
  topics->mutable_customer_state()->set_name(own + "-state");
  topics->mutable_opening_cards()->set_name(own + "-cards");
  topics->mutable_touchpoint_statistics()->set_name(own + "-statistics");
  return config;
}

}  // namespace

std::vector<std::string> ClusterSettings(const v1::Config& config) {
  const v1::TopicsConfig& topics = config.topics();
  return {"kafka.bootstrap_servers=" + config.kafka().bootstrap_servers(),
          "kafka.group_id=" + config.kafka().group_id(),
          "topics.interaction_events=" + topics.interaction_events().name(),
          "topics.moment_alerts=" + topics.moment_alerts().name(),
          "topics.moments=" + topics.moments().name(),
          "topics.journeys=" + topics.journeys().name(),
          "topics.rejected_records=" + topics.rejected_records().name(),
          "topics.late_events=" + topics.late_events().name(),
          "topics.customer_state=" + topics.customer_state().name(),
          "topics.opening_cards=" + topics.opening_cards().name(),
          "topics.touchpoint_statistics=" + topics.touchpoint_statistics().name()};
}

void KafkaClusterTest::SetUp() {
  const char* servers = std::getenv("PEAKEND_TEST_KAFKA");
  ASSERT_NE(servers, nullptr) << "PEAKEND_TEST_KAFKA is not set: `./dev test` starts a broker and "
                                 "runs these tests, `./dev test --quick` leaves them out";
  config_ = OwnConfig(servers, OwnName(), kPartitions);
  auto admin = KafkaAdmin::Open(config_, nullptr, kTestLimit);
  ASSERT_TRUE(admin.ok()) << admin.status();
  const auto plan = (*admin)->CreateTopics(false);
  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_EQ(plan->create.size(), publish::TopicsOf(config_).size());
  const auto cluster = (*admin)->DescribeCluster();
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  const absl::Status checked = CheckTopics(*cluster, config_, {});
  ASSERT_TRUE(checked.ok()) << checked;
}

std::unique_ptr<KafkaProducer> KafkaClusterTest::Producer(const std::string& topic) {
  auto producer = KafkaProducer::Open(config_, topic, nullptr, kTestLimit);
  EXPECT_TRUE(producer.ok()) << producer.status();
  return producer.ok() ? *std::move(producer) : nullptr;
}

void KafkaClusterTest::AwaitFirstRecord(const std::string& topic) {
  auto offsets = KafkaOffsets::Open(config_, nullptr);
  ASSERT_TRUE(offsets.ok()) << offsets.status();
  const absl::Time deadline = absl::Now() + kTestLimit;
  int64_t end = 0;
  while (end == 0 && absl::Now() < deadline) {
    const auto ends = (*offsets)->Ask(topic, {0}, KafkaEdge::kBehindLast, absl::Seconds(5));
    if (ends.ok()) end = ends->at(0);
  }
  ASSERT_EQ(end, 1);
}

std::vector<StoredRecord> KafkaClusterTest::Stored(const std::string& topic) {
  auto reader = KafkaReader::Open(config_, topic, kBeginning, nullptr, kTestLimit);
  EXPECT_TRUE(reader.ok()) << reader.status();
  std::vector<StoredRecord> stored;
  const absl::Time deadline = absl::Now() + kTestLimit;
  while (reader.ok() && !(*reader)->at_end() && absl::Now() < deadline) {
    auto records = (*reader)->Read(absl::Milliseconds(20), 1000);
    EXPECT_TRUE(records.ok()) << records.status();
    if (!records.ok()) break;
    stored.insert(stored.end(), records->begin(), records->end());
  }
  EXPECT_TRUE(reader.ok() && (*reader)->at_end());
  return stored;
}

}  // namespace peakend::runtime
