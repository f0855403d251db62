// KafkaChangelog on a real broker: committed records only, and an end that is found
// whatever stands last.
#include "processors/runtime/kafka_changelog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/kafka/kafka_cluster.h"
#include "tests/kafka/kafka_member.h"

namespace peakend::runtime {
namespace {

using publish::Topic;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class KafkaChangelogTest : public KafkaClusterTest {
 protected:
  std::string state() const { return config_.topics().customer_state().name(); }

  void SetUp() override {
    KafkaClusterTest::SetUp();
    if (HasFatalFailure()) return;
    auto changelog = KafkaChangelog::Open(config_, nullptr);
    ASSERT_TRUE(changelog.ok()) << changelog.status();
    changelog_ = *std::move(changelog);
    member_ = std::make_unique<KafkaMember>(config_);
    member_->Start();
  }

  // One transaction per call.
  void Write(const std::vector<std::string>& values, bool commit) {
    ASSERT_TRUE(member_->client->Begin().ok());
    for (const std::string& value : values) {
      ASSERT_NO_FATAL_FAILURE(member_->Produce(Topic::kState, 0, value));
    }
    const TransactionAnswer ended =
        Insist([&] { return commit ? member_->client->Commit() : member_->client->Abort(); });
    ASSERT_TRUE(ended.ok()) << ended.message;
  }

  std::vector<std::string> Read(int32_t partition, int64_t from = 0) {
    std::vector<std::string> values;
    absl::Status status;
    const absl::Time deadline = absl::Now() + kTestLimit;
    do {
      values.clear();
      status = changelog_->Read(partition, from, [&](const ChangelogRecord& record) {
        EXPECT_LT(record.offset, record.end_offset);
        values.emplace_back(record.value);
        return absl::OkStatus();
      });
    } while (absl::IsUnavailable(status) && absl::Now() < deadline);
    EXPECT_TRUE(status.ok()) << status;
    return values;
  }

  std::unique_ptr<KafkaChangelog> changelog_;
  std::unique_ptr<KafkaMember> member_;
};

TEST_F(KafkaChangelogTest, ReadsWhatWasCommitted) {
  EXPECT_THAT(Read(0), IsEmpty());
  Write({"a", "b"}, true);
  Write({"of an abort"}, false);
  Write({"c"}, true);
  EXPECT_THAT(Read(0), ElementsAre("a", "b", "c"));
  EXPECT_THAT(Read(1), IsEmpty());
  // Again, by the same client.
  EXPECT_THAT(Read(0), ElementsAre("a", "b", "c"));
}

TEST_F(KafkaChangelogTest, AnAbortAtTheEndOrAloneIsAnEnd) {
  Write({"of an abort"}, false);
  EXPECT_THAT(Read(0), IsEmpty());
  Write({"a"}, true);
  Write(std::vector<std::string>(500, "of an abort"), false);
  EXPECT_THAT(Read(0), ElementsAre("a"));
}

// Its positions may be the group's already, so that what is missing would be missed.
TEST_F(KafkaChangelogTest, WhatAnOpenTransactionHoldsBackIsNeverLeftOut) {
  Write({"a"}, true);
  ASSERT_TRUE(member_->client->Begin().ok());
  ASSERT_NO_FATAL_FAILURE(member_->Produce(Topic::kState, 0, "b"));
  const auto take = [](const ChangelogRecord&) { return absl::OkStatus(); };
  const absl::Time deadline = absl::Now() + kTestLimit;
  absl::Status status = changelog_->Read(0, 0, take);
  while (status.ok() && absl::Now() < deadline) status = changelog_->Read(0, 0, take);
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  const TransactionAnswer ended = Insist([&] { return member_->client->Commit(); });
  ASSERT_TRUE(ended.ok()) << ended.message;
  EXPECT_THAT(Read(0), ElementsAre("a", "b"));
}

TEST_F(KafkaChangelogTest, TellsTombstonesAndStopsWhenTold) {
  auto producer = Producer(state());
  for (const char* key : {"a", "b", "c"}) {
    ProducedRecord record;
    record.key = key;
    record.partition = 2;
    ASSERT_TRUE(producer->Send(record).ok());
  }
  ASSERT_TRUE(producer->Flush(kTestLimit).ok());
  std::vector<std::string> keys;
  const absl::Status status = changelog_->Read(2, 0, [&](const ChangelogRecord& record) {
    EXPECT_FALSE(record.has_value);
    EXPECT_EQ(record.end_offset, 3);
    keys.emplace_back(record.key);
    return keys.size() == 2 ? absl::InternalError("enough") : absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(keys, ElementsAre("a", "b"));
}

TEST_F(KafkaChangelogTest, ReadsOnFromWhereItOnceEnded) {
  Write({"a", "b"}, true);
  ASSERT_THAT(Read(0), ElementsAre("a", "b"));
  const absl::StatusOr<int64_t> end = changelog_->StableEnd(0);
  ASSERT_TRUE(end.ok()) << end.status();
  EXPECT_THAT(Read(0, *end), IsEmpty());
  Write({"c"}, true);
  EXPECT_THAT(Read(0, *end), ElementsAre("c"));
}

TEST_F(KafkaChangelogTest, AnOpenTransactionIsBehindTheStableEnd) {
  Write({"a"}, true);
  ASSERT_THAT(Read(0), ElementsAre("a"));
  const absl::StatusOr<int64_t> end = changelog_->StableEnd(0);
  ASSERT_TRUE(end.ok()) << end.status();
  ASSERT_TRUE(member_->client->Begin().ok());
  ASSERT_NO_FATAL_FAILURE(member_->Produce(Topic::kState, 0, "b"));
  const absl::StatusOr<int64_t> meanwhile = changelog_->StableEnd(0);
  ASSERT_TRUE(meanwhile.ok()) << meanwhile.status();
  EXPECT_EQ(*meanwhile, *end);
  const TransactionAnswer ended = Insist([&] { return member_->client->Commit(); });
  ASSERT_TRUE(ended.ok()) << ended.message;
}

// A snapshot of an earlier topic of this name would ask for that.
TEST_F(KafkaChangelogTest, AnOffsetBehindTheEndIsRefused) {
  Write({"a"}, true);
  ASSERT_THAT(Read(0), ElementsAre("a"));
  const absl::Status status =
      changelog_->Read(0, 1000, [](const ChangelogRecord&) { return absl::OkStatus(); });
  EXPECT_TRUE(absl::IsOutOfRange(status)) << status;
}

TEST_F(KafkaChangelogTest, ReadsThousandsInOrder) {
  std::vector<std::string> values;
  for (int i = 0; i < 20'000; ++i) values.push_back(std::to_string(i));
  Write(values, true);
  EXPECT_EQ(Read(0), values);
}

TEST_F(KafkaChangelogTest, ATopicThatIsGoneIsNamed) {
  config_.mutable_topics()->mutable_customer_state()->set_name("no-such-changelog");
  auto changelog = KafkaChangelog::Open(config_, nullptr);
  ASSERT_TRUE(changelog.ok()) << changelog.status();
  const absl::Status status =
      (*changelog)->Read(0, 0, [](const ChangelogRecord&) { return absl::OkStatus(); });
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound) << status;
}

}  // namespace
}  // namespace peakend::runtime
