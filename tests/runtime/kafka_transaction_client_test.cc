// KafkaTransactionClient against librdkafka's mock cluster: what each error means.
// What transactions do is proven on a real broker.
#include "processors/runtime/kafka_transaction_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "processors/runtime/kafka_mock_cluster.h"
#include "tests/runtime/kafka_partitions.h"

namespace peakend::runtime {
namespace {

using publish::Topic;
using testing::ElementsAre;
using Kind = TransactionAnswer::Kind;

constexpr absl::Duration kLimit = absl::Seconds(30);
constexpr int16_t kEndTxn = 26;
constexpr int16_t kTxnOffsetCommit = 28;

class KafkaTransactionClientTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::vector<std::string> topics(publish::kDefaultTopicNames.begin(),
                                          publish::kDefaultTopicNames.end());
    auto mock = KafkaMockCluster::Start(topics, 2, nullptr);
    ASSERT_TRUE(mock.ok()) << mock.status();
    mock_ = *std::move(mock);
    config_.mutable_kafka()->set_bootstrap_servers(mock_->bootstrap_servers());
    config_.mutable_kafka()->set_group_id("test");
    config_.mutable_kafka()->mutable_session_timeout()->set_seconds(6);
    config_.mutable_shutdown()->mutable_limit()->set_seconds(5);
  }

  // A started client whose source is a member of the group.
  void Open() {
    auto source = KafkaSource::Open(config_, nullptr);
    ASSERT_TRUE(source.ok()) << source.status();
    source_ = *std::move(source);
    ASSERT_TRUE(source_->Subscribe(&partitions_).ok());
    const absl::Time deadline = absl::Now() + kLimit;
    while (partitions_.owned.empty() && absl::Now() < deadline) {
      ASSERT_TRUE(source_->Poll(absl::Milliseconds(5), 10).ok());
    }
    auto client = KafkaTransactionClient::Open(config_, source_.get(), nullptr);
    ASSERT_TRUE(client.ok()) << client.status();
    client_ = *std::move(client);
    ASSERT_TRUE(Insist([&] { return client_->Start(); }).ok());
  }

  static TransactionAnswer Insist(const std::function<TransactionAnswer()>& call) {
    const absl::Time deadline = absl::Now() + kLimit;
    TransactionAnswer answer = call();
    while (answer.kind == Kind::kRetry && absl::Now() < deadline) answer = call();
    return answer;
  }

  TransactionAnswer Produce(int32_t partition, const std::string& value) {
    publish::Output output;
    output.topic = Topic::kAlerts;
    output.partition = partition;
    output.value = value;
    return client_->Produce(output);
  }

  // A transaction up to its Commit.
  void Fill() {
    ASSERT_TRUE(client_->Begin().ok());
    ASSERT_TRUE(Produce(0, "alert").ok());
    const TransactionAnswer sent = Insist([&] { return client_->SendOffsets({{0, 1}}); });
    ASSERT_TRUE(sent.ok()) << sent.message;
  }

  v1::Config config_;
  KafkaPartitionsSeen partitions_;
  std::unique_ptr<KafkaMockCluster> mock_;
  std::unique_ptr<KafkaSource> source_;
  std::unique_ptr<KafkaTransactionClient> client_;
};

TEST_F(KafkaTransactionClientTest, CommitsWithNothingLeftOpen) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_NO_FATAL_FAILURE(Fill());
  EXPECT_TRUE(Insist([&] { return client_->Commit(); }).ok());
  EXPECT_FALSE(client_->HasUnansweredRequest());
}

TEST_F(KafkaTransactionClientTest, RemembersARequestWithoutAnAnswer) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_NO_FATAL_FAILURE(Fill());
  // The mock closes the connection instead of answering; librdkafka asks again.
  mock_->FailNext(kEndTxn, RD_KAFKA_RESP_ERR__TRANSPORT);
  const TransactionAnswer answer = Insist([&] { return client_->Commit(); });
  EXPECT_TRUE(answer.ok()) << answer.message;
  EXPECT_TRUE(client_->HasUnansweredRequest());
  ASSERT_TRUE(Insist([&] { return client_->Start(); }).ok());
  EXPECT_FALSE(client_->HasUnansweredRequest());
}

TEST_F(KafkaTransactionClientTest, AnOldGenerationAborts) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_TRUE(client_->Begin().ok());
  mock_->FailNext(kTxnOffsetCommit, RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION);
  EXPECT_EQ(Insist([&] { return client_->SendOffsets({{0, 1}}); }).kind, Kind::kAbort);
  EXPECT_TRUE(Insist([&] { return client_->Abort(); }).ok());
  ASSERT_NO_FATAL_FAILURE(Fill());
  EXPECT_TRUE(Insist([&] { return client_->Commit(); }).ok());
}

TEST_F(KafkaTransactionClientTest, ANewerProducerOfOurNameIsAnotherProcess) {
  config_.mutable_kafka()->set_group_instance_id("worker-0");
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(client_->transactional_id(), "test-worker-0");
  ASSERT_NO_FATAL_FAILURE(Fill());
  mock_->FailNext(kEndTxn, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH);
  EXPECT_EQ(Insist([&] { return client_->Commit(); }).kind, Kind::kFenced);
}

TEST_F(KafkaTransactionClientTest, WithoutANameOnlyTheBrokerCanHaveEndedIt) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_NO_FATAL_FAILURE(Fill());
  mock_->FailNext(kEndTxn, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH);
  EXPECT_EQ(Insist([&] { return client_->Commit(); }).kind, Kind::kUnknown);
  ASSERT_TRUE(Insist([&] { return client_->Start(); }).ok());
}

TEST_F(KafkaTransactionClientTest, NamesWhatNoBrokerTakesByItsNumber) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_TRUE(client_->Begin().ok());
  EXPECT_TRUE(Produce(0, "first").ok());
  EXPECT_TRUE(Produce(0, std::string(6'000'000, 'x')).ok());
  EXPECT_TRUE(Produce(1, "last").ok());
  EXPECT_EQ(Insist([&] { return client_->Commit(); }).kind, Kind::kAbort);
  EXPECT_THAT(client_->Undeliverable(), ElementsAre(1));
}

TEST_F(KafkaTransactionClientTest, ACommitThatNobodyAnswersIsUnknownInTheEnd) {
  config_.mutable_kafka()->mutable_transaction_timeout()->set_seconds(2);
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_NO_FATAL_FAILURE(Fill());
  mock_->SetReachable(false);
  EXPECT_EQ(Insist([&] { return client_->Commit(); }).kind, Kind::kUnknown);
  EXPECT_EQ(client_->Start().kind, Kind::kRetry);
  mock_->SetReachable(true);
  EXPECT_TRUE(Insist([&] { return client_->Start(); }).ok());
}

}  // namespace
}  // namespace peakend::runtime
