// Topics on a real broker.
#include "processors/runtime/kafka_admin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "processors/publish/topic_names.h"
#include "tests/kafka/kafka_cluster.h"

namespace peakend::runtime {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class KafkaAdminTest : public KafkaClusterTest {
 protected:
  std::unique_ptr<KafkaAdmin> Admin() {
    auto admin = KafkaAdmin::Open(config_, nullptr, kTestLimit);
    EXPECT_TRUE(admin.ok()) << admin.status();
    return *std::move(admin);
  }
};

TEST_F(KafkaAdminTest, CreatedTopicsHaveTheirSettings) {
  const auto cluster = Admin()->DescribeCluster();
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  EXPECT_THAT(cluster->brokers, SizeIs(1));
  ASSERT_THAT(cluster->topics, SizeIs(publish::TopicsOf(config_).size()));
  const TopicDescription& events = cluster->topics.at(input());
  EXPECT_EQ(events.partitions, kPartitions);
  EXPECT_EQ(events.settings.at("message.timestamp.type"), "LogAppendTime");
  EXPECT_EQ(events.settings.at("max.message.bytes"), "4194304");
  const TopicDescription& state = cluster->topics.at(config_.topics().customer_state().name());
  EXPECT_EQ(state.settings.at("cleanup.policy"), "compact");
  const TopicDescription& rejected = cluster->topics.at(config_.topics().rejected_records().name());
  EXPECT_EQ(rejected.settings.at("max.message.bytes"), "5242880");
}

TEST_F(KafkaAdminTest, CreatingAgainChangesNothing) {
  const auto plan = Admin()->CreateTopics(false);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_THAT(plan->create, IsEmpty());
  EXPECT_THAT(plan->unchanged, SizeIs(publish::TopicsOf(config_).size()));
  EXPECT_THAT(plan->differences, IsEmpty());
}

TEST_F(KafkaAdminTest, ADryRunCreatesNothing) {
  config_.mutable_topics()->mutable_moments()->set_name(config_.topics().moments().name() + "-b");
  for (int i = 0; i < 2; ++i) {
    const auto plan = Admin()->CreateTopics(true);
    ASSERT_TRUE(plan.ok()) << plan.status();
    EXPECT_THAT(plan->create, SizeIs(1));
  }
}

TEST_F(KafkaAdminTest, ARefusedTopicIsAnError) {
  config_.mutable_topics()->mutable_moments()->set_name(config_.topics().moments().name() + "-c");
  config_.mutable_topics()->mutable_moments()->set_replication_factor(3);
  EXPECT_EQ(Admin()->CreateTopics(false).status().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace peakend::runtime
