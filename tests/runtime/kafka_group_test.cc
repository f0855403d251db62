#include "processors/runtime/kafka_group.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "processors/runtime/kafka_mock_cluster.h"

namespace peakend::runtime {
namespace {

using testing::IsEmpty;

constexpr int16_t kOffsetFetch = 9;
constexpr absl::Duration kLimit = absl::Seconds(20);

TEST(KafkaGroup, AsksAgainWhileTheCoordinatorMoves) {
  auto cluster = KafkaMockCluster::Start({"in"}, 2, nullptr);
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  v1::Config config;
  config.mutable_kafka()->set_bootstrap_servers((*cluster)->bootstrap_servers());
  config.mutable_kafka()->set_group_id("job");
  auto group = KafkaGroup::Open(config, nullptr, kLimit);
  ASSERT_TRUE(group.ok()) << group.status();
  (*cluster)->FailNext(kOffsetFetch, RD_KAFKA_RESP_ERR_NOT_COORDINATOR);
  const auto committed = (*group)->Committed("in");
  ASSERT_TRUE(committed.ok()) << committed.status();
  EXPECT_THAT(*committed, IsEmpty());
}

}  // namespace
}  // namespace peakend::runtime
