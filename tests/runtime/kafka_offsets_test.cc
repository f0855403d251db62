#include "processors/runtime/kafka_offsets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "processors/runtime/kafka_mock_cluster.h"

namespace peakend::runtime {
namespace {

using testing::ElementsAre;
using testing::Pair;

constexpr int16_t kListOffsets = 2;
constexpr absl::Duration kLimit = absl::Seconds(20);

class KafkaOffsetsTest : public testing::Test {
 protected:
  void SetUp() override {
    auto cluster = KafkaMockCluster::Start({"changelog"}, 2, nullptr);
    ASSERT_TRUE(cluster.ok()) << cluster.status();
    cluster_ = *std::move(cluster);
    v1::Config config;
    config.mutable_kafka()->set_bootstrap_servers(cluster_->bootstrap_servers());
    auto offsets = KafkaOffsets::Open(config, nullptr);
    ASSERT_TRUE(offsets.ok()) << offsets.status();
    offsets_ = *std::move(offsets);
  }

  std::unique_ptr<KafkaMockCluster> cluster_;
  std::unique_ptr<KafkaOffsets> offsets_;
};

// A worker that restores beside a broker that starts must not take the changelog for gone.
TEST_F(KafkaOffsetsTest, ABrokerThatDoesNotKnowItsTopicsYetIsAskedAgain) {
  cluster_->FailNext(kListOffsets, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
  const auto ends = offsets_->Ask("changelog", {0, 1}, KafkaEdge::kBehindLast, kLimit);
  ASSERT_TRUE(ends.ok()) << ends.status();
  EXPECT_THAT(*ends, ElementsAre(Pair(0, 0), Pair(1, 0)));
}

TEST_F(KafkaOffsetsTest, ABrokerThatDoesNotLeadThePartitionYetIsAskedAgain) {
  cluster_->FailNext(kListOffsets, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION);
  const auto ends = offsets_->Ask("changelog", {0, 1}, KafkaEdge::kBehindLast, kLimit);
  ASSERT_TRUE(ends.ok()) << ends.status();
  EXPECT_THAT(*ends, ElementsAre(Pair(0, 0), Pair(1, 0)));
}

TEST_F(KafkaOffsetsTest, APartitionThatDoesNotExistIsNotFoundAtTheLimit) {
  const auto ends =
      offsets_->Ask("changelog", {2}, KafkaEdge::kBehindLast, absl::Milliseconds(500));
  EXPECT_TRUE(absl::IsNotFound(ends.status())) << ends.status();
}

}  // namespace
}  // namespace peakend::runtime
