#include "processors/runtime/kafka_topics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace peakend::runtime {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

v1::Config Config() {
  v1::Config config;
  config.mutable_topics()->mutable_interaction_events()->set_partitions(4);
  config.mutable_topics()->mutable_moments()->set_partitions(99);
  return config;
}

ClusterDescription AsWanted(const v1::Config& config) {
  ClusterDescription cluster;
  for (const TopicDescription& topic : WantedTopics({}, config)) cluster.topics[topic.name] = topic;
  return cluster;
}

TEST(PlanTopics, CreatesAllWithThePartitionsOfTheInput) {
  const TopicPlan plan = PlanTopics({}, Config());
  ASSERT_THAT(plan.create, SizeIs(9));
  for (const TopicDescription& topic : plan.create) EXPECT_EQ(topic.partitions, 4) << topic.name;
  EXPECT_EQ(plan.create[0].name, "interaction-events");
  EXPECT_EQ(plan.create[0].settings.at("message.timestamp.type"), "LogAppendTime");
  EXPECT_EQ(plan.create[0].settings.at("max.message.bytes"), "4194304");
}

TEST(PlanTopics, RejectedRecordsHaveRoomForTheLargestInput) {
  for (const TopicDescription& topic : PlanTopics({}, Config()).create) {
    if (topic.name == "rejected-records") {
      EXPECT_EQ(topic.settings.at("max.message.bytes"), "5242880");
    }
  }
}

TEST(PlanTopics, TheChangelogIsCompactedInSmallSegments) {
  for (const TopicDescription& topic : PlanTopics({}, Config()).create) {
    if (topic.name != "customer-state") continue;
    EXPECT_EQ(topic.settings.at("cleanup.policy"), "compact");
    EXPECT_EQ(topic.settings.at("segment.bytes"), "67108864");
    EXPECT_EQ(topic.settings.at("max.message.bytes"), "5242880");
    return;
  }
  FAIL() << "no changelog";
}

TEST(PlanTopics, StatisticsAreKeptAsLongAsBaselinesLookBack) {
  v1::Config config = Config();
  config.mutable_baseline()->mutable_window()->set_seconds(7 * 86'400);
  for (const TopicDescription& topic : PlanTopics({}, config).create) {
    if (topic.name != "touchpoint-statistics") continue;
    EXPECT_EQ(topic.settings.at("retention.ms"), "604800000");
    return;
  }
  FAIL() << "no statistics";
}

TEST(PlanTopics, AnExistingInputDecidesThePartitionCount) {
  ClusterDescription cluster;
  cluster.topics["interaction-events"] = {"interaction-events", 12, 1, {}};
  for (const TopicDescription& topic : PlanTopics(cluster, Config()).create) {
    EXPECT_EQ(topic.partitions, 12) << topic.name;
  }
}

TEST(PlanTopics, NamesWhatDiffersAndLeavesIt) {
  ClusterDescription cluster = AsWanted(Config());
  cluster.topics["interaction-events"].settings["message.timestamp.type"] = "CreateTime";
  const TopicPlan plan = PlanTopics(cluster, Config());
  EXPECT_THAT(plan.create, IsEmpty());
  EXPECT_THAT(plan.unchanged, SizeIs(8));
  ASSERT_THAT(plan.differences, SizeIs(1));
  EXPECT_THAT(plan.differences[0], HasSubstr("message.timestamp.type=CreateTime"));
}

TEST(PlanTopics, StatisticsMayBeKeptForLonger) {
  v1::Config config = Config();
  config.mutable_baseline()->mutable_window()->set_seconds(1000);
  ClusterDescription cluster = AsWanted(config);
  std::string& retention = cluster.topics["touchpoint-statistics"].settings["retention.ms"];
  for (const char* longer : {"-1", "1000001"}) {
    retention = longer;
    EXPECT_THAT(PlanTopics(cluster, config).differences, IsEmpty()) << longer;
  }
  retention = "999999";
  EXPECT_THAT(PlanTopics(cluster, config).differences, SizeIs(1));
}

TEST(CheckTopics, AcceptsWhatPlanCreates) {
  EXPECT_TRUE(CheckTopics(AsWanted(Config()), Config(), {}).ok());
}

TEST(CheckTopics, NamesMissingTopicsAndTheCommand) {
  ClusterDescription cluster = AsWanted(Config());
  cluster.topics.erase("journeys");
  const absl::Status status = CheckTopics(cluster, Config(), {});
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("journeys"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("peakend topics create"));
}

TEST(CheckTopics, RefusesAChangedPartitionCount) {
  ClusterDescription cluster = AsWanted(Config());
  cluster.topics["interaction-events"].partitions = 8;
  EXPECT_EQ(CheckTopics(cluster, Config(), {}).code(), absl::StatusCode::kFailedPrecondition);
}

TEST(CheckTopics, RefusesACompactedInput) {
  ClusterDescription cluster = AsWanted(Config());
  cluster.topics["interaction-events"].settings["cleanup.policy"] = "compact,delete";
  EXPECT_EQ(CheckTopics(cluster, Config(), {}).code(), absl::StatusCode::kFailedPrecondition);
}

TEST(CheckTopics, RefusesAChangelogThatForgets) {
  for (const char* policy : {"delete", "compact,delete"}) {
    ClusterDescription cluster = AsWanted(Config());
    cluster.topics["customer-state"].settings["cleanup.policy"] = policy;
    const absl::Status status = CheckTopics(cluster, Config(), {});
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(status.message()), HasSubstr("should be compact"));
  }
}

TEST(CheckTopics, LinkedCustomersNeedRoomInTheInput) {
  ClusterDescription cluster = AsWanted(Config());
  std::string& bytes = cluster.topics["interaction-events"].settings["max.message.bytes"];
  v1::Config config = Config();
  config.mutable_ingest()->set_max_record_bytes(1 << 20);
  v1::Policy linking;
  linking.add_identities()->set_type("phone");
  bytes = "1052671";
  EXPECT_TRUE(CheckTopics(cluster, config, {}).ok());
  const absl::Status status = CheckTopics(cluster, config, linking);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("it needs 1052672"));
  bytes = "1052672";
  EXPECT_TRUE(CheckTopics(cluster, config, linking).ok());
  // The broker does not tell.
  cluster.topics["interaction-events"].settings.clear();
  EXPECT_TRUE(CheckTopics(cluster, config, linking).ok());
}

}  // namespace
}  // namespace peakend::runtime
