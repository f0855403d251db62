// The client of the model broker, and the transactional sink on it.
#include "tests/simulation/sim_transaction_client.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "processors/runtime/transactional_sink.h"

namespace peakend::simulation {
namespace {

using Kind = runtime::TransactionAnswer::Kind;
using publish::Topic;

class SimTransactionClientTest : public testing::Test, public World, runtime::PartitionListener {
 protected:
  SimTransactionClientTest() {
    source_.Listen(*this);
    // Joins, and gets the partition.
    EXPECT_TRUE(source_.Poll({}, 1).ok());
    EXPECT_TRUE(source_.Poll({}, 1).ok());
  }
  void HoldUp(int /*worker*/, int64_t steps) override { Pass(steps); }
  void Pass(int64_t ms) override {
    source_.Heartbeat();
    broker_.Advance(ms);
    network_.Advance();
  }
  std::vector<int64_t> OnAssigned(absl::Span<const int32_t> partitions) override {
    return std::vector<int64_t>(partitions.size(), 0);
  }
  void OnRevoked(absl::Span<const int32_t> /*partitions*/, bool /*lost*/) override {}

  void Meet(Disturbance::Kind kind, Request request, int64_t delay_ms = 0) {
    network_.Arm(0, {kind, request, 0, delay_ms, 0, true});
  }
  void Produce(const std::string& value) {
    EXPECT_TRUE(client_.Produce({Topic::kAlerts, 0, 0, "key", value}).ok());
  }
  // Begins, writes and sends positions; the end is the caller's.
  void Fill(const std::string& value, int64_t position) {
    EXPECT_TRUE(client_.Begin().ok());
    Produce(value);
    EXPECT_TRUE(client_.SendOffsets({{0, position}}).ok());
  }
  std::vector<std::string> Alerts() {
    std::vector<std::string> values;
    int64_t position = 0;
    while (const auto* record = broker_.log(Topic::kAlerts, 0).NextCommitted(&position)) {
      values.push_back(record->payload->value);
    }
    return values;
  }
  int64_t Committed() {
    int64_t position = 0;
    EXPECT_EQ(broker_.group().Committed(0, &position), BrokerError::kNone);
    return position;
  }

  using Values = std::vector<std::string>;
  SimBroker broker_{{}, Random(1)};
  Network network_{broker_, *this};
  SimSource source_{network_, 0, ""};
  SimTransactionClient client_{network_, source_, 0, "id", true};
};

TEST_F(SimTransactionClientTest, CommitsOutputsAndPositionsTogether) {
  ASSERT_TRUE(client_.Start().ok());
  Fill("a", 1);
  ASSERT_TRUE(client_.Commit().ok());
  Pass(200);
  EXPECT_EQ(Alerts(), Values{"a"});
  EXPECT_EQ(Committed(), 1);
  Fill("b", 2);
  ASSERT_TRUE(client_.Abort().ok());
  Pass(200);
  EXPECT_EQ(Alerts(), Values{"a"});
  EXPECT_EQ(Committed(), 1);
}

TEST_F(SimTransactionClientTest, ADelayedEndTearsTheNextTransactionUnlessTheProducerIsNew) {
  for (const bool new_producer : {false, true}) {
    ASSERT_TRUE(client_.Start().ok());
    Fill("a", 1);
    Meet(Disturbance::Kind::kDoubled, Request::kEndTransaction, 400);
    ASSERT_TRUE(client_.Commit().ok());
    EXPECT_TRUE(client_.HasUnansweredRequest());
    Pass(200);
    if (new_producer) {
      ASSERT_TRUE(client_.Start().ok());
    }
    EXPECT_EQ(client_.HasUnansweredRequest(), !new_producer);
    Fill("b", 2);
    Pass(400);
    const Kind kind = client_.Commit().kind;
    EXPECT_EQ(kind, new_producer ? Kind::kOk : Kind::kFatal);
    Pass(200);
  }
  EXPECT_EQ(Committed(), 2);
}

TEST_F(SimTransactionClientTest, WhoeverTheGroupHasLeftBehindMustAbort) {
  ASSERT_TRUE(client_.Start().ok());
  ASSERT_TRUE(client_.Begin().ok());
  Produce("a");
  broker_.Advance(broker_.options().session_timeout_ms);
  EXPECT_EQ(client_.SendOffsets({{0, 1}}).kind, Kind::kUnknown) << "the transaction timed out";
  ASSERT_TRUE(client_.Start().ok());
  ASSERT_TRUE(client_.Begin().ok());
  EXPECT_EQ(client_.SendOffsets({{0, 1}}).kind, Kind::kAbort);
}

// --- The sink ---

class TransactionalSinkTest : public SimTransactionClientTest {
 protected:
  void Append(const std::string& value) {
    publish::OutputBatch outputs;
    outputs.Append(Topic::kAlerts, 0, "key", value);
    ASSERT_TRUE(sink_.Append(outputs).ok());
  }
  // Tries until it is done.
  void Commit(int64_t position) {
    absl::Status status = sink_.Commit({{0, position}});
    for (int i = 0; i < 20 && absl::IsUnavailable(status); ++i) {
      Pass(100);
      status = sink_.Commit({{0, position}});
    }
    EXPECT_TRUE(status.ok()) << status;
    Pass(200);
  }

  runtime::TransactionalSink sink_{client_, source_, {}};
};

TEST_F(TransactionalSinkTest, EveryRequestCanGoWrongInEveryWayOnce) {
  int64_t position = 0;
  Values expected;
  for (int request = 0; request <= static_cast<int>(Request::kEndTransaction); ++request) {
    for (const auto kind :
         {Disturbance::Kind::kLost, Disturbance::Kind::kAnswerLost, Disturbance::Kind::kLate,
          Disturbance::Kind::kDoubled, Disturbance::Kind::kRefused}) {
      for (const bool unknown : {false, true}) {
        network_.Arm(0, {kind, static_cast<Request>(request), 0, 250, 0, unknown});
        expected.push_back("v" + std::to_string(++position));
        Append(expected.back());
        Commit(position);
        ASSERT_EQ(Alerts(), expected)
            << "request " << request << ", met " << static_cast<int>(kind);
        ASSERT_EQ(Committed(), position);
        // What nobody met would meet the next round.
        network_.Calm();
      }
    }
  }
}

TEST_F(TransactionalSinkTest, StateOfAPositionThatDoesNotMoveIsNotTakenForCommitted) {
  Append("a");
  Commit(1);
  publish::OutputBatch outputs;
  outputs.Append(Topic::kState, 0, "customer", "changed");
  ASSERT_TRUE(sink_.Append(outputs).ok());
  Meet(Disturbance::Kind::kLost, Request::kEndTransaction);
  Commit(1);
  int64_t position = 0;
  EXPECT_NE(broker_.log(Topic::kState, 0).NextCommitted(&position), nullptr);
}

TEST_F(TransactionalSinkTest, AForgottenPartitionTakesItsOutputsOutOfTheOpenTransaction) {
  Commit(1);
  Append("lost");
  Meet(Disturbance::Kind::kLost, Request::kSendPositions);
  EXPECT_FALSE(sink_.Commit({{0, 2}}).ok());
  sink_.Forget({0});
  Commit(1);
  EXPECT_EQ(Alerts(), Values{});
  EXPECT_EQ(broker_.transactions().Unfinished(), 0U);
}

}  // namespace
}  // namespace peakend::simulation
