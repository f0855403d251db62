// Who reads what a job wrote must not take a commit that is under way for a loss: whether one is,
// only a real broker shows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "benchmarks/judge/decided_topics.h"
#include "processors/runtime/kafka_group.h"
#include "tests/kafka/kafka_cluster.h"
#include "tests/kafka/kafka_member.h"

namespace peakend::runtime {
namespace {

using publish::Topic;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

// Long enough for answers, short enough to wait for in vain.
constexpr absl::Duration kShort = absl::Seconds(2);

class KafkaSettledTest : public KafkaClusterTest {
 protected:
  absl::Status Decided(const std::string& topic, absl::Duration limit) const {
    return benchmarks::WaitUntilDecided(config_, {topic}, kPartitions, limit);
  }
};

TEST_F(KafkaSettledTest, ATopicWithAnOpenTransactionIsNotDecided) {
  const std::string alerts = config_.topics().moment_alerts().name();
  EXPECT_TRUE(Decided(alerts, kTestLimit).ok()) << "of nothing";
  KafkaMember member(config_);
  ASSERT_NO_FATAL_FAILURE(member.Start());
  ASSERT_TRUE(member.client->Begin().ok());
  ASSERT_NO_FATAL_FAILURE(member.Produce(Topic::kAlerts, 0, "alert"));
  ASSERT_NO_FATAL_FAILURE(AwaitFirstRecord(alerts));
  const absl::Status open = Decided(alerts, kShort);
  EXPECT_TRUE(absl::IsUnavailable(open)) << open;
  EXPECT_THAT(std::string(open.message()), HasSubstr("open in " + alerts));
  ASSERT_TRUE(Insist([&] { return member.client->Commit(); }).ok());
  EXPECT_TRUE(Decided(alerts, kTestLimit).ok());
}

TEST_F(KafkaSettledTest, OffsetsOfAnOpenTransactionAreNotSettled) {
  KafkaMember member(config_);
  ASSERT_NO_FATAL_FAILURE(member.Join(kPartitions));
  ASSERT_NO_FATAL_FAILURE(member.Start());
  ASSERT_TRUE(member.client->Begin().ok());
  ASSERT_TRUE(Insist([&] { return member.client->SendOffsets({{0, 5}}); }).ok());
  const auto impatient = KafkaGroup::Open(config_, nullptr, kShort);
  ASSERT_TRUE(impatient.ok()) << impatient.status();
  const auto committed = (*impatient)->Committed(input());
  ASSERT_TRUE(committed.ok()) << committed.status();
  EXPECT_THAT(*committed, IsEmpty());
  EXPECT_TRUE(absl::IsUnavailable((*impatient)->Settled(input(), kPartitions).status()));
  ASSERT_TRUE(Insist([&] { return member.client->Commit(); }).ok());
  const auto patient = KafkaGroup::Open(config_, nullptr, kTestLimit);
  ASSERT_TRUE(patient.ok()) << patient.status();
  const auto settled = (*patient)->Settled(input(), kPartitions);
  ASSERT_TRUE(settled.ok()) << settled.status();
  EXPECT_THAT(*settled, ElementsAre(Pair(0, 5)));
  ASSERT_TRUE(member.source->Close().ok());
}

}  // namespace
}  // namespace peakend::runtime
