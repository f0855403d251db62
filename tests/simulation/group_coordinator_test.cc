#include "tests/simulation/group_coordinator.h"

#include <gtest/gtest.h>

#include <vector>

namespace peakend::simulation {
namespace {

using Partitions = std::vector<int32_t>;
constexpr Producer kProducer{7, 0};

class GroupCoordinatorTest : public testing::Test {
 protected:
  struct Member {
    Membership membership;
    Partitions partitions;
  };
  Member Join(const std::string& instance = "") {
    return {{group_.Join(instance, now_ms_), -1}, {}};
  }
  BrokerError Sync(Member& member) { return group_.Sync(&member.membership, &member.partitions); }
  void Pass(int64_t ms) { group_.Advance(now_ms_ += ms); }
  int64_t Committed(int32_t partition) {
    int64_t position = 0;
    EXPECT_EQ(group_.Committed(partition, &position), BrokerError::kNone);
    return position;
  }

  int64_t now_ms_ = 0;
  GroupCoordinator group_{3, 1000};
};

TEST_F(GroupCoordinatorTest, PartitionsAreDealtOutWhenAllHaveJoinedAgain) {
  Member first = Join();
  Pass(1);
  ASSERT_EQ(Sync(first), BrokerError::kNone);
  EXPECT_EQ(first.partitions, (Partitions{0, 1, 2}));
  Member second = Join();
  EXPECT_EQ(Sync(second), BrokerError::kConcurrent);
  EXPECT_EQ(group_.Heartbeat(first.membership, now_ms_), BrokerError::kIllegalGeneration);
  EXPECT_EQ(group_.AddPositions(kProducer, first.membership, {{0, 5}}), BrokerError::kNone)
      << "until the new generation what is revoked can be committed";
  EXPECT_EQ(group_.Rejoin(first.membership.member, now_ms_), BrokerError::kNone);
  Pass(1);
  EXPECT_EQ(group_.AddPositions(kProducer, first.membership, {{0, 5}}),
            BrokerError::kIllegalGeneration);
  ASSERT_EQ(Sync(first), BrokerError::kNone);
  ASSERT_EQ(Sync(second), BrokerError::kNone);
  EXPECT_EQ(first.partitions, (Partitions{0, 1}));
  EXPECT_EQ(second.partitions, (Partitions{2}));
}

TEST_F(GroupCoordinatorTest, WhoeverIsSilentIsThrownOutAndCommitsNothing) {
  Member zombie = Join();
  Pass(1);
  ASSERT_EQ(Sync(zombie), BrokerError::kNone);
  Pass(1000);
  EXPECT_EQ(group_.Heartbeat(zombie.membership, now_ms_), BrokerError::kUnknownMember);
  EXPECT_EQ(group_.AddPositions(kProducer, zombie.membership, {{0, 5}}),
            BrokerError::kUnknownMember);
}

TEST_F(GroupCoordinatorTest, AStaticMemberComesBackWithoutARebalance) {
  Member before = Join("a");
  Member other = Join("b");
  Pass(1);
  ASSERT_EQ(Sync(before), BrokerError::kNone);
  ASSERT_EQ(Sync(other), BrokerError::kNone);
  Member after = Join("a");
  ASSERT_EQ(Sync(after), BrokerError::kNone);
  EXPECT_EQ(after.partitions, before.partitions);
  EXPECT_EQ(group_.Heartbeat(other.membership, now_ms_), BrokerError::kNone);
  EXPECT_EQ(group_.Heartbeat(before.membership, now_ms_), BrokerError::kReplacedMember);
}

TEST_F(GroupCoordinatorTest, PositionsOfAnOpenTransactionAreUnstable) {
  Member member = Join();
  Pass(1);
  ASSERT_EQ(Sync(member), BrokerError::kNone);
  EXPECT_EQ(Committed(0), runtime::kNothingCommitted);
  ASSERT_EQ(group_.AddPositions(kProducer, member.membership, {{0, 5}}), BrokerError::kNone);
  int64_t position = 0;
  EXPECT_EQ(group_.Committed(0, &position), BrokerError::kUnstable);
  EXPECT_EQ(Committed(1), runtime::kNothingCommitted);
  group_.EndTransaction(kProducer.id, false);
  EXPECT_EQ(Committed(0), runtime::kNothingCommitted);
  ASSERT_EQ(group_.AddPositions(kProducer, member.membership, {{0, 5}}), BrokerError::kNone);
  group_.EndTransaction(kProducer.id, true);
  EXPECT_EQ(Committed(0), 5);
  EXPECT_TRUE(group_.violations().empty());
  ASSERT_EQ(group_.AddPositions(kProducer, member.membership, {{0, 4}}), BrokerError::kNone);
  group_.EndTransaction(kProducer.id, true);
  EXPECT_EQ(group_.violations().size(), 1U) << "went back";
}

}  // namespace
}  // namespace peakend::simulation
