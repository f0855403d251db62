#include "tests/simulation/transaction_coordinator.h"

#include <gtest/gtest.h>

#include <vector>

namespace peakend::simulation {
namespace {

constexpr LogId kAlerts{publish::Topic::kAlerts, 0};

class TransactionCoordinatorTest : public testing::Test {
 protected:
  Producer Start() {
    Producer producer;
    EXPECT_EQ(coordinator_.InitProducer("id", now_ms_, &producer), BrokerError::kNone);
    return producer;
  }
  BrokerError Open(const Producer& producer) {
    return coordinator_.AddPartitions(producer, {kAlerts, LogId{}}, now_ms_);
  }
  BrokerError End(const Producer& producer, bool commit) {
    return coordinator_.EndTransaction(producer, commit, now_ms_);
  }
  void Pass(int64_t ms) { coordinator_.Advance(now_ms_ += ms); }

  struct Marker {
    Producer producer;
    bool commit;
  };
  int64_t now_ms_ = 0;
  std::vector<Marker> markers_;
  TransactionCoordinator coordinator_{{.timeout_ms = 1000, .max_marker_delay_ms = 50},
                                      Random(1),
                                      [this](const LogId&, const Producer& producer, bool commit) {
                                        markers_.push_back({producer, commit});
                                      }};
};

TEST_F(TransactionCoordinatorTest, EachPartitionGetsItsMarkerBeforeTheNextTransaction) {
  const Producer producer = Start();
  ASSERT_EQ(Open(producer), BrokerError::kNone);
  ASSERT_EQ(End(producer, true), BrokerError::kNone);
  EXPECT_EQ(Open(producer), BrokerError::kConcurrent);
  EXPECT_EQ(End(producer, true), BrokerError::kConcurrent);
  EXPECT_EQ(End(producer, false), BrokerError::kInvalidState);
  Pass(50);
  ASSERT_EQ(markers_.size(), 2U);
  EXPECT_TRUE(markers_[0].commit && markers_[1].commit);
  EXPECT_EQ(End(producer, true), BrokerError::kNone) << "asked again: it is done";
  EXPECT_EQ(Open(producer), BrokerError::kNone);
}

TEST_F(TransactionCoordinatorTest, ANewProducerEndsAndFencesTheOldOne) {
  const Producer old = Start();
  ASSERT_EQ(Open(old), BrokerError::kNone);
  Producer fresh;
  EXPECT_EQ(coordinator_.InitProducer("id", now_ms_, &fresh), BrokerError::kConcurrent);
  EXPECT_EQ(End(old, true), BrokerError::kFenced);
  EXPECT_EQ(coordinator_.Verify(old, kAlerts), BrokerError::kFenced);
  Pass(50);
  fresh = Start();
  EXPECT_GT(fresh.epoch, old.epoch);
  ASSERT_EQ(markers_.size(), 2U);
  EXPECT_FALSE(markers_[0].commit);
  EXPECT_EQ(Open(fresh), BrokerError::kNone);
  EXPECT_EQ(Open(old), BrokerError::kFenced);
}

TEST_F(TransactionCoordinatorTest, ATransactionThatTakesTooLongIsAbortedAndFenced) {
  const Producer producer = Start();
  ASSERT_EQ(Open(producer), BrokerError::kNone);
  Pass(999);
  EXPECT_EQ(coordinator_.Verify(producer, kAlerts), BrokerError::kNone);
  Pass(1);
  EXPECT_EQ(End(producer, true), BrokerError::kFenced);
  Pass(50);
  ASSERT_EQ(markers_.size(), 2U);
  EXPECT_FALSE(markers_[0].commit);
  EXPECT_EQ(coordinator_.Unfinished(), 0U);
}

TEST_F(TransactionCoordinatorTest, AWriteOutsideOfATransactionIsRefused) {
  const Producer producer = Start();
  EXPECT_EQ(coordinator_.Verify(producer, kAlerts), BrokerError::kInvalidState);
  ASSERT_EQ(coordinator_.AddPartitions(producer, {kAlerts}, now_ms_), BrokerError::kNone);
  EXPECT_EQ(coordinator_.Verify(producer, kAlerts), BrokerError::kNone);
  EXPECT_EQ(coordinator_.Verify(producer, LogId{}), BrokerError::kInvalidState);
}

// The flaw of EndTxn v1 (fixed by KIP-890, which librdkafka does not speak).
TEST_F(TransactionCoordinatorTest, ALateEndOfAnEarlierTransactionEndsThePresentOne) {
  const Producer producer = Start();
  ASSERT_EQ(Open(producer), BrokerError::kNone);
  ASSERT_EQ(End(producer, true), BrokerError::kNone);
  Pass(50);
  ASSERT_EQ(Open(producer), BrokerError::kNone);
  EXPECT_EQ(End(producer, true), BrokerError::kNone) << "the first one's, once more";
  Pass(50);
  EXPECT_EQ(coordinator_.Verify(producer, kAlerts), BrokerError::kInvalidState);
  EXPECT_EQ(markers_.size(), 4U) << "committed half-way";
}

}  // namespace
}  // namespace peakend::simulation
