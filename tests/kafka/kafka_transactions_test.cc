// KafkaTransactionClient on a real broker: what a transaction shows, hides and
// ends, and who may still commit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "processors/runtime/kafka_offsets.h"
#include "tests/kafka/kafka_cluster.h"
#include "tests/kafka/kafka_member.h"

namespace peakend::runtime {
namespace {

using publish::Topic;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Kind = TransactionAnswer::Kind;

class KafkaTransactionsTest : public KafkaClusterTest {
 protected:
  std::string alerts() const { return config_.topics().moment_alerts().name(); }

  // Begins a transaction of one alert and the position 7 of partition 0.
  void OpenTransaction(KafkaMember& member) {
    ASSERT_TRUE(member.client->Begin().ok());
    ASSERT_NO_FATAL_FAILURE(member.Produce(Topic::kAlerts, 0, "alert"));
    const TransactionAnswer sent = Insist([&] { return member.client->SendOffsets({{0, 7}}); });
    ASSERT_TRUE(sent.ok()) << sent.message;
  }

  // Until the alert stands in the log, visible or not.
  void AwaitArrival() {
    auto offsets = KafkaOffsets::Open(config_, nullptr);
    ASSERT_TRUE(offsets.ok()) << offsets.status();
    const absl::Time deadline = absl::Now() + kTestLimit;
    int64_t end = 0;
    while (end == 0 && absl::Now() < deadline) {
      const auto ends = (*offsets)->Ask(alerts(), {0}, KafkaEdge::kBehindLast, absl::Seconds(5));
      if (ends.ok()) end = ends->at(0);
    }
    ASSERT_EQ(end, 1);
  }

  void SendPlain(const std::string& topic, const std::string& value) {
    auto producer = Producer(topic);
    ProducedRecord record;
    record.value = value;
    record.partition = 0;
    ASSERT_TRUE(producer->Send(record).ok());
    ASSERT_TRUE(producer->Flush(kTestLimit).ok());
  }
};

TEST_F(KafkaTransactionsTest, OutputsAndPositionsAreSeenTogether) {
  KafkaMember member(config_);
  ASSERT_NO_FATAL_FAILURE(member.Join(kPartitions));
  ASSERT_NO_FATAL_FAILURE(member.Start());
  ASSERT_NO_FATAL_FAILURE(OpenTransaction(member));
  EXPECT_THAT(Stored(alerts()), IsEmpty());
  const TransactionAnswer committed = Insist([&] { return member.client->Commit(); });
  ASSERT_TRUE(committed.ok()) << committed.message;
  EXPECT_FALSE(member.client->HasUnansweredRequest());
  ASSERT_THAT(Stored(alerts()), SizeIs(1));
  EXPECT_EQ(member.source->Committed(0).value_or(-2), 7);
  EXPECT_EQ(member.source->Committed(1).value_or(-2), kNothingCommitted);
}

TEST_F(KafkaTransactionsTest, AnAbortedTransactionLeavesNothing) {
  KafkaMember member(config_);
  ASSERT_NO_FATAL_FAILURE(member.Join(kPartitions));
  ASSERT_NO_FATAL_FAILURE(member.Start());
  ASSERT_NO_FATAL_FAILURE(OpenTransaction(member));
  ASSERT_NO_FATAL_FAILURE(AwaitArrival());
  const TransactionAnswer aborted = Insist([&] { return member.client->Abort(); });
  ASSERT_TRUE(aborted.ok()) << aborted.message;
  EXPECT_FALSE(member.client->HasUnansweredRequest());
  EXPECT_THAT(Stored(alerts()), IsEmpty());
  EXPECT_EQ(member.source->Committed(0).value_or(-2), kNothingCommitted);
  // And the next one is not disturbed by it.
  ASSERT_NO_FATAL_FAILURE(OpenTransaction(member));
  ASSERT_TRUE(Insist([&] { return member.client->Commit(); }).ok());
  EXPECT_THAT(Stored(alerts()), SizeIs(1));
}

TEST_F(KafkaTransactionsTest, NothingIsCommittedBeforeTheFirstAssignment) {
  KafkaMember member(config_);
  ASSERT_NO_FATAL_FAILURE(member.Start());
  ASSERT_TRUE(member.client->Begin().ok());
  EXPECT_EQ(member.client->SendOffsets({{0, 7}}).kind, Kind::kAbort);
  EXPECT_TRUE(Insist([&] { return member.client->Abort(); }).ok());
}

TEST_F(KafkaTransactionsTest, CommitsInsideTheRevocation) {
  KafkaMember member(config_);
  ASSERT_NO_FATAL_FAILURE(member.Join(kPartitions));
  ASSERT_NO_FATAL_FAILURE(member.Start());
  member.partitions.before_revoke = [&](bool lost) {
    EXPECT_FALSE(lost);
    ASSERT_NO_FATAL_FAILURE(OpenTransaction(member));
    const TransactionAnswer committed = Insist([&] { return member.client->Commit(); });
    EXPECT_TRUE(committed.ok()) << committed.message;
  };
  EXPECT_TRUE(member.source->Close().ok());
  EXPECT_THAT(Stored(alerts()), SizeIs(1));
}

TEST_F(KafkaTransactionsTest, TheSecondWithOurNameFencesUs) {
  config_.mutable_kafka()->set_group_instance_id("worker-0");
  KafkaMember first(config_);
  ASSERT_NO_FATAL_FAILURE(first.Join(kPartitions));
  ASSERT_NO_FATAL_FAILURE(first.Start());
  ASSERT_NO_FATAL_FAILURE(OpenTransaction(first));
  // A producer that still has its first record to deliver says otherwise why it cannot.
  ASSERT_NO_FATAL_FAILURE(AwaitArrival());
  KafkaMember second(config_);
  EXPECT_EQ(second.client->transactional_id(), first.client->transactional_id());
  ASSERT_NO_FATAL_FAILURE(second.Start());
  const TransactionAnswer committed = Insist([&] { return first.client->Commit(); });
  EXPECT_EQ(committed.kind, Kind::kFenced) << committed.message;
  EXPECT_THAT(committed.message, HasSubstr("group_instance_id"));
  EXPECT_THAT(Stored(alerts()), IsEmpty());
}

TEST_F(KafkaTransactionsTest, WhatTheGroupGaveAwayCannotBeCommitted) {
  KafkaMember second(config_);
  (*config_.mutable_kafka()->mutable_properties())["max.poll.interval.ms"] = "6000";
  config_.mutable_kafka()->mutable_transaction_timeout()->set_seconds(60);
  KafkaMember zombie(config_);
  ASSERT_NO_FATAL_FAILURE(zombie.Join(kPartitions));
  ASSERT_NO_FATAL_FAILURE(zombie.Start());
  ASSERT_TRUE(zombie.client->Begin().ok());
  ASSERT_NO_FATAL_FAILURE(zombie.Produce(Topic::kAlerts, 0, "of a zombie"));
  ASSERT_NO_FATAL_FAILURE(AwaitArrival());
  // It does not poll any more, so the group goes on without it.
  ASSERT_NO_FATAL_FAILURE(second.Join(kPartitions));
  const TransactionAnswer sent = Insist([&] { return zombie.client->SendOffsets({{0, 7}}); });
  EXPECT_EQ(sent.kind, Kind::kAbort) << sent.message;
  EXPECT_TRUE(Insist([&] { return zombie.client->Abort(); }).ok());
  EXPECT_THAT(Stored(alerts()), IsEmpty());
  EXPECT_EQ(second.source->Committed(0).value_or(-2), kNothingCommitted);
}

TEST_F(KafkaTransactionsTest, TheNextStartEndsWhatADeadClientLeftOpen) {
  config_.mutable_kafka()->set_group_instance_id("worker-0");
  // Longer than the test, so that nothing else can have ended it.
  config_.mutable_kafka()->mutable_transaction_timeout()->set_seconds(600);
  KafkaMember member(config_);
  ASSERT_NO_FATAL_FAILURE(member.Join(kPartitions));
  ASSERT_NO_FATAL_FAILURE(member.Start());
  ASSERT_NO_FATAL_FAILURE(OpenTransaction(member));
  ASSERT_NO_FATAL_FAILURE(AwaitArrival());
  member.client.reset();
  SendPlain(alerts(), "after it");
  EXPECT_THAT(Stored(alerts()), IsEmpty());
  auto next = KafkaTransactionClient::Open(config_, member.source.get(), nullptr);
  ASSERT_TRUE(next.ok()) << next.status();
  const TransactionAnswer started = Insist([&] { return (*next)->Start(); });
  ASSERT_TRUE(started.ok()) << started.message;
  const std::vector<StoredRecord> stored = Stored(alerts());
  ASSERT_THAT(stored, SizeIs(1));
  EXPECT_EQ(stored[0].value, "after it");
  EXPECT_EQ(member.source->Committed(0).value_or(-2), kNothingCommitted);
}

TEST_F(KafkaTransactionsTest, AskingForACommittedPositionWaitsForATransaction) {
  KafkaMember member(config_);
  ASSERT_NO_FATAL_FAILURE(member.Join(kPartitions));
  ASSERT_NO_FATAL_FAILURE(member.Start());
  ASSERT_NO_FATAL_FAILURE(OpenTransaction(member));
  EXPECT_EQ(member.source->Committed(0).status().code(), absl::StatusCode::kUnavailable);
  ASSERT_TRUE(Insist([&] { return member.client->Commit(); }).ok());
  EXPECT_EQ(member.source->Committed(0).value_or(-2), 7);
}

TEST_F(KafkaTransactionsTest, TheEndIsNoEndWhileATransactionIsOpen) {
  KafkaMember member(config_);
  ASSERT_NO_FATAL_FAILURE(member.Join(kPartitions));
  ASSERT_NO_FATAL_FAILURE(member.Start());
  SendPlain(input(), "event");
  ASSERT_NO_FATAL_FAILURE(member.PollUntil([&] { return member.source->AtEnd(0); }));
  EXPECT_EQ(member.source->Lag()[0], 0);

  // A tick of another worker, whose transaction has not ended: nothing to read.
  ASSERT_TRUE(member.client->Begin().ok());
  ASSERT_NO_FATAL_FAILURE(member.Produce(Topic::kInput, 0, "tick"));
  ASSERT_NO_FATAL_FAILURE(member.PollUntil([&] { return !member.source->AtEnd(0); }));
  const absl::Time until = absl::Now() + absl::Seconds(4);
  ASSERT_NO_FATAL_FAILURE(member.PollUntil([&] {
    EXPECT_FALSE(member.source->AtEnd(0));
    return absl::Now() >= until;
  }));
  ASSERT_TRUE(Insist([&] { return member.client->Abort(); }).ok());
  // Only a control record came, which is no record.
  ASSERT_NO_FATAL_FAILURE(member.PollUntil([&] { return member.source->AtEnd(0); }));
}

TEST_F(KafkaTransactionsTest, ANewLogStartsAtZero) {
  KafkaMember member(config_);
  // A topic this young may have no leader yet.
  const absl::Time deadline = absl::Now() + kTestLimit;
  absl::StatusOr<int64_t> start = member.source->LogStart(0);
  while (absl::IsUnavailable(start.status()) && absl::Now() < deadline) {
    start = member.source->LogStart(0);
  }
  ASSERT_TRUE(start.ok()) << start.status();
  EXPECT_EQ(*start, 0);
}

}  // namespace
}  // namespace peakend::runtime
