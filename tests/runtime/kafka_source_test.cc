// KafkaSource against librdkafka's mock cluster: flow and errors of one member.
#include "processors/runtime/kafka_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "processors/runtime/kafka_mock_cluster.h"
#include "processors/runtime/kafka_producer.h"
#include "tests/runtime/kafka_partitions.h"

namespace peakend::runtime {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr absl::Duration kLimit = absl::Seconds(30);
constexpr int16_t kOffsetCommit = 8;

class KafkaSourceTest : public testing::Test {
 protected:
  void SetUp() override {
    auto mock = KafkaMockCluster::Start({"interaction-events"}, 2, nullptr);
    ASSERT_TRUE(mock.ok()) << mock.status();
    mock_ = *std::move(mock);
    config_.mutable_kafka()->set_bootstrap_servers(mock_->bootstrap_servers());
    config_.mutable_kafka()->set_group_id("test");
    config_.mutable_kafka()->mutable_session_timeout()->set_seconds(6);
    (*config_.mutable_kafka()->mutable_properties())["fetch.wait.max.ms"] = "10";
    config_.mutable_shutdown()->mutable_limit()->set_seconds(5);
  }

  void Send(const std::string& value, int32_t partition,
            std::vector<publish::Header> headers = {}) {
    if (producer_ == nullptr) {
      auto producer = KafkaProducer::Open(config_, "interaction-events", nullptr, kLimit);
      ASSERT_TRUE(producer.ok()) << producer.status();
      producer_ = *std::move(producer);
    }
    ProducedRecord record;
    record.value = value;
    record.partition = partition;
    record.headers = std::move(headers);
    ASSERT_TRUE(producer_->Send(record).ok());
    ASSERT_TRUE(producer_->Flush(kLimit).ok());
  }

  std::unique_ptr<KafkaSource> Open() {
    auto source = KafkaSource::Open(config_, nullptr);
    EXPECT_TRUE(source.ok()) << source.status();
    EXPECT_TRUE((*source)->Subscribe(&partitions_).ok());
    return *std::move(source);
  }

  // Values in the order of arrival, until `count` are there.
  std::vector<std::string> Read(KafkaSource& source, size_t count) {
    std::vector<std::string> values;
    const absl::Time deadline = absl::Now() + kLimit;
    while (values.size() < count && absl::Now() < deadline) {
      const auto records = source.Poll(absl::Milliseconds(5), 100);
      EXPECT_TRUE(records.ok()) << records.status();
      if (!records.ok()) break;
      for (const InputRecord& record : *records) values.emplace_back(record.value);
    }
    return values;
  }

  // Asks again as long as a busy mock takes its time.
  static int64_t Committed(KafkaSource& source, int32_t partition) {
    const absl::Time deadline = absl::Now() + kLimit;
    absl::StatusOr<int64_t> committed = source.Committed(partition);
    while (absl::IsUnavailable(committed.status()) && absl::Now() < deadline) {
      committed = source.Committed(partition);
    }
    EXPECT_TRUE(committed.ok()) << committed.status();
    return committed.value_or(-2);
  }

  // The first error of Poll.
  absl::Status FirstError(KafkaSource& source) {
    const absl::Time deadline = absl::Now() + kLimit;
    while (absl::Now() < deadline) {
      const auto records = source.Poll(absl::Milliseconds(5), 100);
      if (!records.ok()) return records.status();
    }
    return absl::OkStatus();
  }

  v1::Config config_;
  KafkaPartitionsSeen partitions_;
  std::unique_ptr<KafkaMockCluster> mock_;
  std::unique_ptr<KafkaProducer> producer_;
};

TEST_F(KafkaSourceTest, ReadsFromTheBeginningInOffsetOrder) {
  for (const char* value : {"a", "b", "c"}) Send(value, 0);
  const auto source = Open();
  EXPECT_THAT(Read(*source, 3), ElementsAre("a", "b", "c"));
  EXPECT_THAT(partitions_.owned, ElementsAre(0, 1));
  EXPECT_THAT(source->Assigned(), ElementsAre(0, 1));
  EXPECT_EQ(source->Lag()[0], 0);
  EXPECT_TRUE(source->Close().ok());
  EXPECT_THAT(partitions_.owned, testing::IsEmpty());
}

TEST_F(KafkaSourceTest, StartsWhereTheListenerSays) {
  for (const char* value : {"a", "b", "c"}) Send(value, 1);
  partitions_.start = [](int32_t partition) { return partition == 1 ? 2 : kBeginning; };
  const auto source = Open();
  EXPECT_THAT(Read(*source, 1), ElementsAre("c"));
}

TEST_F(KafkaSourceTest, CommitsForTheNextMember) {
  for (const char* value : {"a", "b"}) Send(value, 0);
  {
    const auto source = Open();
    EXPECT_EQ(Read(*source, 2).size(), 2u);
    EXPECT_EQ(Committed(*source, 0), kNothingCommitted);
    EXPECT_TRUE(source->CommitPositions({{0, 1}}).ok());
    EXPECT_TRUE(source->Close().ok());
  }
  const auto next = Open();
  EXPECT_EQ(Committed(*next, 0), 1);
  EXPECT_EQ(Committed(*next, 1), kNothingCommitted);
}

TEST_F(KafkaSourceTest, CommitsInsideTheRevocation) {
  Send("a", 0);
  const auto source = Open();
  EXPECT_EQ(Read(*source, 1).size(), 1u);
  absl::Status committed = absl::UnknownError("not called");
  partitions_.before_revoke = [&](bool lost) {
    EXPECT_FALSE(lost);
    committed = source->CommitPositions({{0, 1}});
  };
  EXPECT_TRUE(source->Close().ok());
  EXPECT_TRUE(committed.ok()) << committed;
  const auto next = Open();
  EXPECT_EQ(Committed(*next, 0), 1);
}

TEST_F(KafkaSourceTest, IgnoresPositionsOfOthers) {
  const auto source = Open();
  EXPECT_TRUE(source->CommitPositions({{0, 7}}).ok());
  EXPECT_EQ(Committed(*source, 0), kNothingCommitted);
}

TEST_F(KafkaSourceTest, ACommitBehindTheGroupIsLeftToTheNextOwner) {
  Send("a", 0);
  const auto source = Open();
  EXPECT_EQ(Read(*source, 1).size(), 1u);
  mock_->FailNext(kOffsetCommit, RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION);
  EXPECT_TRUE(source->CommitPositions({{0, 1}}).ok());
  EXPECT_EQ(Committed(*source, 0), kNothingCommitted);
}

TEST_F(KafkaSourceTest, KeepsHeadersAndTellsNullFromEmpty) {
  const std::string bytes("\0\xff\r\n", 4);
  Send("a", 0, {{"trace", bytes}, {"trace", ""}, {"trace", "", false}});
  const auto source = Open();
  const absl::Time deadline = absl::Now() + kLimit;
  absl::Span<const InputRecord> records;
  while (records.empty() && absl::Now() < deadline) {
    records = source->Poll(absl::Milliseconds(5), 10).value();
  }
  ASSERT_EQ(records.size(), 1u);
  EXPECT_FALSE(records[0].has_key);
  EXPECT_TRUE(records[0].has_value);
  EXPECT_GT(records[0].timestamp_ms, 0);
  const std::vector<publish::Header> headers = source->Headers(records[0]);
  ASSERT_EQ(headers.size(), 3u);
  EXPECT_EQ(headers[0].name, "trace");
  EXPECT_EQ(headers[0].value, bytes);
  EXPECT_EQ(headers[1].value, "");
  EXPECT_TRUE(headers[1].has_value);
  EXPECT_FALSE(headers[2].has_value);
}

TEST_F(KafkaSourceTest, SaysOnceThatNoBrokerAnswersAndGoesOnWhenOneDoes) {
  Send("a", 0);
  mock_->SetReachable(false);
  const auto source = Open();
  const absl::Status status = FirstError(*source);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr(mock_->bootstrap_servers()));
  EXPECT_FALSE(source->reachable());
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(source->Poll(absl::Milliseconds(1), 10).ok());
  mock_->SetReachable(true);
  EXPECT_THAT(Read(*source, 1), ElementsAre("a"));
  EXPECT_TRUE(source->reachable());
}

TEST_F(KafkaSourceTest, NamesTheCauseOfARefusedConnection) {
  config_.mutable_kafka()->set_bootstrap_servers("127.0.0.1:1");
  const auto source = Open();
  const absl::Status status = FirstError(*source);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("connection refused"));
}

TEST_F(KafkaSourceTest, AStartBehindTheLogIsFinal) {
  Send("a", 0);
  partitions_.start = [](int32_t) { return 1000; };
  const auto source = Open();
  EXPECT_EQ(FirstError(*source).code(), absl::StatusCode::kOutOfRange);
}

TEST_F(KafkaSourceTest, CloseIsBoundedWhenNoBrokerAnswers) {
  const auto source = Open();
  Send("a", 0);
  EXPECT_EQ(Read(*source, 1).size(), 1u);
  mock_->SetReachable(false);
  const absl::Status closed = source->Close();
  EXPECT_TRUE(closed.ok() || closed.code() == absl::StatusCode::kDeadlineExceeded) << closed;
  EXPECT_THAT(partitions_.owned, testing::IsEmpty());
}

}  // namespace
}  // namespace peakend::runtime
