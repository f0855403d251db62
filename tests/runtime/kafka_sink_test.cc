// KafkaSink against librdkafka's mock cluster: delivery before progress, and what
// happens to records that no broker takes.
#include "processors/runtime/kafka_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "processors/runtime/kafka_mock_cluster.h"
#include "processors/runtime/kafka_producer.h"
#include "processors/runtime/kafka_reader.h"
#include "tests/runtime/kafka_partitions.h"

namespace peakend::runtime {
namespace {

using publish::Topic;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr absl::Duration kLimit = absl::Seconds(30);
constexpr int16_t kProduce = 0;  // Kafka's number of the request

class KafkaSinkTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::vector<std::string> topics(publish::kDefaultTopicNames.begin(),
                                          publish::kDefaultTopicNames.end());
    auto mock = KafkaMockCluster::Start(topics, 2, nullptr);
    ASSERT_TRUE(mock.ok()) << mock.status();
    mock_ = *std::move(mock);
    config_.mutable_kafka()->set_bootstrap_servers(mock_->bootstrap_servers());
    config_.mutable_kafka()->set_group_id("test");
    (*config_.mutable_kafka()->mutable_properties())["fetch.wait.max.ms"] = "10";
    auto source = KafkaSource::Open(config_, nullptr);
    ASSERT_TRUE(source.ok()) << source.status();
    source_ = *std::move(source);
    auto sink = KafkaSink::Open(config_, source_.get(), [this](int level, std::string_view line) {
      if (line.find("undeliverable") != std::string_view::npos) lines_.emplace_back(line);
    });
    ASSERT_TRUE(sink.ok()) << sink.status();
    sink_ = *std::move(sink);
  }

  // Once the broker answers again.
  absl::Status CommitInTheEnd(const Positions& positions) {
    const absl::Time deadline = absl::Now() + kLimit;
    absl::Status committed = sink_->Commit(positions);
    while (absl::IsUnavailable(committed) && absl::Now() < deadline) {
      committed = sink_->Commit(positions);
    }
    return committed;
  }

  std::vector<StoredRecord> Stored(const std::string& topic) {
    auto reader = KafkaReader::Open(config_, topic, kBeginning, nullptr, kLimit);
    EXPECT_TRUE(reader.ok()) << reader.status();
    std::vector<StoredRecord> stored;
    const absl::Time deadline = absl::Now() + kLimit;
    while (!(*reader)->at_end() && absl::Now() < deadline) {
      auto records = (*reader)->Read(absl::Milliseconds(20), 1000);
      EXPECT_TRUE(records.ok()) << records.status();
      if (!records.ok()) break;
      stored.insert(stored.end(), records->begin(), records->end());
    }
    EXPECT_TRUE((*reader)->at_end());
    return stored;
  }

  v1::Config config_;
  std::unique_ptr<KafkaMockCluster> mock_;
  std::vector<std::string> lines_;
  std::unique_ptr<KafkaSource> source_;
  std::unique_ptr<KafkaSink> sink_;
};

TEST_F(KafkaSinkTest, WritesToThePartitionOfTheInput) {
  publish::OutputBatch batch;
  batch.Append(Topic::kAlerts, 1, "k", "one");
  batch.Append(Topic::kJourneys, 0, "k", "two");
  ASSERT_TRUE(sink_->Append(batch).ok());
  ASSERT_TRUE(sink_->Commit({}).ok());
  EXPECT_EQ(sink_->in_flight(), 0);
  const std::vector<StoredRecord> alerts = Stored("moment-alerts");
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].partition, 1);
  EXPECT_EQ(alerts[0].key, "k");
  EXPECT_EQ(alerts[0].value, "one");
  ASSERT_THAT(Stored("journeys"), SizeIs(1));
  EXPECT_EQ(sink_->stats().delivered[static_cast<size_t>(Topic::kAlerts)], 1);
}

TEST_F(KafkaSinkTest, KeepsHeadersInOrderByteForByte) {
  const std::string bytes("\0\x80\n", 3);
  publish::OutputBatch batch;
  publish::Output original;
  original.topic = Topic::kRejected;
  original.value = bytes;
  original.has_key = false;
  batch.AppendOriginal(original, {{"original", bytes}, {"peakend.error.reason", "TRUNCATED"}});
  original.has_key = true;
  original.has_value = false;
  batch.AppendOriginal(original, {{"peakend.error.reason", "EMPTY_VALUE"}});
  ASSERT_TRUE(sink_->Append(batch).ok());
  ASSERT_TRUE(sink_->Commit({}).ok());
  const std::vector<StoredRecord> rejected = Stored("rejected-records");
  ASSERT_THAT(rejected, SizeIs(2));
  EXPECT_EQ(rejected[0].key, std::nullopt);
  EXPECT_EQ(rejected[0].value, bytes);
  EXPECT_EQ(rejected[1].key, "");
  EXPECT_EQ(rejected[1].value, std::nullopt);
  ASSERT_THAT(rejected[0].headers, SizeIs(2));
  EXPECT_EQ(rejected[0].headers[0].name, "original");
  EXPECT_EQ(rejected[0].headers[0].value, bytes);
  EXPECT_EQ(rejected[0].headers[1].value, "TRUNCATED");
}

TEST_F(KafkaSinkTest, NamesWhatIsTooLargeAndGoesOn) {
  publish::OutputBatch batch;
  batch.Append(Topic::kMoments, 1, "k", std::string(6'000'000, 'x'));
  batch.Append(Topic::kMoments, 1, "k", "small");
  ASSERT_TRUE(sink_->Append(batch).ok());
  ASSERT_TRUE(sink_->Commit({}).ok());
  EXPECT_EQ(sink_->stats().undeliverable[static_cast<size_t>(Topic::kMoments)], 1);
  ASSERT_THAT(lines_, SizeIs(1));
  EXPECT_THAT(lines_[0], HasSubstr("topic moments, partition 1, 6000000 bytes"));
  ASSERT_THAT(Stored("moments"), SizeIs(1));
}

TEST_F(KafkaSinkTest, GoesOnWithoutAPartitionThatDoesNotExist) {
  publish::OutputBatch batch;
  batch.Append(Topic::kMoments, 77, "k", "lost");
  batch.Append(Topic::kMoments, 0, "k", "kept");
  ASSERT_TRUE(sink_->Append(batch).ok());
  ASSERT_TRUE(sink_->Commit({}).ok());
  EXPECT_EQ(sink_->stats().undeliverable[static_cast<size_t>(Topic::kMoments)], 1);
  ASSERT_THAT(lines_, SizeIs(1));
  EXPECT_THAT(lines_[0], HasSubstr("partition 77"));
  ASSERT_THAT(Stored("moments"), SizeIs(1));
}

TEST_F(KafkaSinkTest, AFullQueueIsWaitedFor) {
  (*config_.mutable_kafka()->mutable_properties())["queue.buffering.max.messages"] = "10";
  auto sink = KafkaSink::Open(config_, source_.get(), nullptr);
  ASSERT_TRUE(sink.ok()) << sink.status();
  publish::OutputBatch batch;
  for (int i = 0; i < 1000; ++i) batch.Append(Topic::kAlerts, i % 2, "k", std::to_string(i));
  ASSERT_TRUE((*sink)->Append(batch).ok());
  ASSERT_TRUE((*sink)->Commit({}).ok());
  EXPECT_THAT(Stored("moment-alerts"), SizeIs(1000));
}

// A broker that is not the leader yet refuses the first request, and takes the second.
TEST_F(KafkaSinkTest, TheFirstOutputsAreNotLostToTheNext) {
  (*config_.mutable_kafka()->mutable_properties())["batch.num.messages"] = "1";
  auto sink = KafkaSink::Open(config_, source_.get(), nullptr);
  ASSERT_TRUE(sink.ok()) << sink.status();
  mock_->FailNext(kProduce, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION);
  publish::OutputBatch batch;
  for (int i = 0; i < 5; ++i) batch.Append(Topic::kAlerts, 0, "k", std::to_string(i));
  ASSERT_TRUE((*sink)->Append(batch).ok());
  ASSERT_TRUE((*sink)->Commit({}).ok());
  const std::vector<StoredRecord> stored = Stored("moment-alerts");
  ASSERT_THAT(stored, SizeIs(5));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(stored[static_cast<size_t>(i)].value, std::to_string(i));
}

TEST_F(KafkaSinkTest, WhatWaitsForTheFirstOfALostPartitionIsNotWritten) {
  publish::OutputBatch batch;
  for (int i = 0; i < 3; ++i) batch.Append(Topic::kAlerts, 0, "k", absl::StrCat("ours ", i));
  batch.Append(Topic::kAlerts, 1, "k", "another's");
  mock_->SetReachable(false);
  ASSERT_TRUE(sink_->Append(batch).ok());
  EXPECT_EQ(sink_->in_flight(), 4);
  sink_->Forget({0});
  EXPECT_EQ(sink_->in_flight(), 2) << "the first is under way";
  mock_->SetReachable(true);
  const absl::Status committed = CommitInTheEnd({});
  ASSERT_TRUE(committed.ok()) << committed;
  EXPECT_THAT(Stored("moment-alerts"), SizeIs(2));
}

TEST_F(KafkaSinkTest, TheFirstRecordsOfAProducerAreNotLostToTheNext) {
  (*config_.mutable_kafka()->mutable_properties())["batch.num.messages"] = "1";
  auto producer = KafkaProducer::Open(config_, "interaction-events", nullptr, kLimit);
  ASSERT_TRUE(producer.ok()) << producer.status();
  mock_->FailNext(kProduce, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION);
  ProducedRecord record;
  record.value = "event";
  record.partition = 0;
  for (int i = 0; i < 5; ++i) ASSERT_TRUE((*producer)->Send(record).ok());
  ASSERT_TRUE((*producer)->Flush(kLimit).ok());
  EXPECT_EQ((*producer)->delivered(), 5);
  EXPECT_THAT(Stored("interaction-events"), SizeIs(5));
}

TEST_F(KafkaSinkTest, CommitsOnlyWhatIsDelivered) {
  auto producer = KafkaProducer::Open(config_, "interaction-events", nullptr, kLimit);
  ASSERT_TRUE(producer.ok()) << producer.status();
  ProducedRecord record;
  record.value = "event";
  record.partition = 0;
  ASSERT_TRUE((*producer)->Send(record).ok());
  ASSERT_TRUE((*producer)->Flush(kLimit).ok());
  KafkaPartitionsSeen partitions;
  ASSERT_TRUE(source_->Subscribe(&partitions).ok());
  const absl::Time deadline = absl::Now() + kLimit;
  size_t seen = 0;
  while (seen == 0 && absl::Now() < deadline) {
    seen = source_->Poll(absl::Milliseconds(5), 10).value().size();
  }
  ASSERT_EQ(seen, 1u);

  publish::OutputBatch batch;
  batch.Append(Topic::kAlerts, 0, "k", "alert");
  mock_->SetReachable(false);
  ASSERT_TRUE(sink_->Append(batch).ok());
  EXPECT_EQ(sink_->Commit({{0, 1}}).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(sink_->in_flight(), 1);
  mock_->SetReachable(true);
  const absl::Status committed = CommitInTheEnd({{0, 1}});
  EXPECT_TRUE(committed.ok()) << committed;
  EXPECT_EQ(source_->Committed(0).value_or(-1), 1);
  EXPECT_THAT(Stored("moment-alerts"), SizeIs(1));
}

TEST_F(KafkaSinkTest, StateFollowsItsOutputs) {
  publish::OutputBatch batch;
  batch.Append(Topic::kState, 0, "customer", "state");
  batch.Append(Topic::kAlerts, 0, "k", "alert");
  mock_->SetReachable(false);
  ASSERT_TRUE(sink_->Append(batch).ok());
  EXPECT_EQ(sink_->Commit({}).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(sink_->in_flight(), 1) << "the state waits until the alert is delivered";
  mock_->SetReachable(true);
  const absl::Status committed = CommitInTheEnd({});
  EXPECT_TRUE(committed.ok()) << committed;
  EXPECT_THAT(Stored("moment-alerts"), SizeIs(1));
  EXPECT_THAT(Stored("customer-state"), SizeIs(1));
}

TEST_F(KafkaSinkTest, StateOfALostPartitionIsNotWritten) {
  publish::OutputBatch batch;
  batch.Append(Topic::kState, 0, "customer", "ours");
  batch.Append(Topic::kState, 1, "customer", "of the new owner");
  ASSERT_TRUE(sink_->Append(batch).ok());
  sink_->Forget({1});
  ASSERT_TRUE(sink_->Commit({}).ok());
  const std::vector<StoredRecord> stored = Stored("customer-state");
  ASSERT_THAT(stored, SizeIs(1));
  EXPECT_EQ(stored[0].partition, 0);
}

}  // namespace
}  // namespace peakend::runtime
