// TransactionalSink over KafkaTransactionClient on a real broker: what it leaves
// behind, and exactly once whatever goes wrong in between.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "processors/runtime/kafka_sink.h"
#include "processors/runtime/transactional_sink.h"
#include "tests/kafka/kafka_cluster.h"
#include "tests/kafka/kafka_member.h"

namespace peakend::runtime {
namespace {

using publish::Topic;
using testing::HasSubstr;
using testing::SizeIs;
using Kind = TransactionAnswer::Kind;

// Bytes that no codec makes smaller.
std::string Noise(size_t size, uint32_t seed) {
  std::minstd_rand random(seed);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random() >> 8);
  return bytes;
}

// Loses answers, refuses and gives up at random, as a bad network would.
class UnluckyClient : public TransactionClient {
 public:
  UnluckyClient(TransactionClient& client, uint32_t seed) : client_(client), random_(seed) {}

  TransactionAnswer Start() override { return client_.Start(); }
  TransactionAnswer Begin() override { return client_.Begin(); }
  TransactionAnswer Produce(const publish::Output& output) override {
    if (Unlucky(5000)) return {Kind::kUnknown, "the producer was lost"};
    return client_.Produce(output);
  }
  TransactionAnswer SendOffsets(const Positions& positions) override {
    if (Unlucky(8)) return {Kind::kAbort, "refused"};
    return client_.SendOffsets(positions);
  }
  TransactionAnswer Commit() override {
    if (Unlucky(8)) return {Kind::kUnknown, "the request was lost"};
    TransactionAnswer answer = client_.Commit();
    if (answer.ok() && Unlucky(8)) return {Kind::kUnknown, "the answer was lost"};
    return answer;
  }
  TransactionAnswer Abort() override { return client_.Abort(); }
  bool HasUnansweredRequest() const override { return client_.HasUnansweredRequest(); }
  std::vector<size_t> Undeliverable() const override { return client_.Undeliverable(); }

 private:
  bool Unlucky(uint32_t one_in) { return random_() % one_in == 0; }

  TransactionClient& client_;
  std::minstd_rand random_;
};

class KafkaTransactionalSinkTest : public KafkaClusterTest {
 protected:
  // Repeats Commit while it is unavailable, and polls in between like a worker.
  static absl::Status Commit(TransactionalSink& sink, const Positions& positions,
                             const std::function<void()>& between) {
    const absl::Time deadline = absl::Now() + kTestLimit;
    absl::Status status = sink.Commit(positions);
    while (absl::IsUnavailable(status) && absl::Now() < deadline) {
      between();
      status = sink.Commit(positions);
    }
    return status;
  }
};

TEST_F(KafkaTransactionalSinkTest, OnlyWhatIsTooLargeIsLeftBehind) {
  KafkaMember member(config_);
  ASSERT_NO_FATAL_FAILURE(member.Join(kPartitions));
  TransactionalSink sink(*member.client, *member.source, [&](const publish::Output& output) {
    member.client->LeaveBehind(output);
  });
  publish::OutputBatch outputs;
  outputs.Append(Topic::kMoments, 1, "k", "before");
  // The client refuses the first, the broker the second.
  outputs.Append(Topic::kMoments, 1, "k", Noise(6'000'000, 1));
  outputs.Append(Topic::kMoments, 1, "k", Noise(2'000'000, 2));
  outputs.Append(Topic::kMoments, 1, "k", "after");
  outputs.Append(Topic::kMoments, 77, "k", "nowhere");
  ASSERT_TRUE(sink.Append(outputs).ok());
  const absl::Status status = Commit(sink, {{1, 5}}, [] {});
  ASSERT_TRUE(status.ok()) << status;
  const std::vector<StoredRecord> stored = Stored(config_.topics().moments().name());
  ASSERT_THAT(stored, SizeIs(2));
  EXPECT_EQ(stored[0].value, "before");
  EXPECT_EQ(stored[1].value, "after");
  EXPECT_EQ(sink.stats().undeliverable, 3);
  EXPECT_EQ(member.client->undeliverable()[static_cast<size_t>(Topic::kMoments)], 3);
  ASSERT_THAT(member.lines, SizeIs(3));
  EXPECT_THAT(testing::PrintToString(member.lines),
              testing::AllOf(HasSubstr("partition 1, 6000000 bytes"),
                             HasSubstr("partition 1, 2000000 bytes"), HasSubstr("partition 77")));
  EXPECT_EQ(member.source->Committed(1).value_or(-2), 5);
}

// The same at least once.
TEST_F(KafkaTransactionalSinkTest, WhatTravelledWithATooLargeOneArrivesAlone) {
  // All in one batch, as where a topic takes less than a batch holds.
  (*config_.mutable_kafka()->mutable_properties())["batch.size"] = "4000000";
  config_.mutable_kafka()->mutable_linger()->set_nanos(300'000'000);
  auto source = KafkaSource::Open(config_, nullptr);
  ASSERT_TRUE(source.ok()) << source.status();
  std::vector<std::string> lines;
  auto sink = KafkaSink::Open(config_, source->get(), [&](int, std::string_view line) {
    if (line.find("undeliverable") != std::string_view::npos) lines.emplace_back(line);
  });
  ASSERT_TRUE(sink.ok()) << sink.status();
  publish::OutputBatch outputs;
  outputs.Append(Topic::kMoments, 1, "k", "before");
  outputs.Append(Topic::kMoments, 1, "k", Noise(2'000'000, 2));
  outputs.Append(Topic::kMoments, 1, "k", "after");
  ASSERT_TRUE((*sink)->Append(outputs).ok());
  const absl::Status status = (*sink)->Commit({});
  ASSERT_TRUE(status.ok()) << status;
  const std::vector<StoredRecord> stored = Stored(config_.topics().moments().name());
  ASSERT_THAT(stored, SizeIs(2));
  EXPECT_EQ(stored[0].value, "before");
  EXPECT_EQ(stored[1].value, "after");
  EXPECT_THAT(lines, testing::ElementsAre(HasSubstr("partition 1, 2000000 bytes")));
}

TEST_F(KafkaTransactionalSinkTest, EachRecordIsCopiedOnceWhateverGoesWrong) {
  constexpr int kRecords = 8'000;
  auto producer = Producer(input());
  for (int i = 0; i < kRecords; ++i) {
    const std::string value = std::to_string(i);
    ProducedRecord record;
    record.value = value;
    record.partition = i % kPartitions;
    ASSERT_TRUE(producer->Send(record).ok());
  }
  ASSERT_TRUE(producer->Flush(kTestLimit).ok());

  KafkaMember member(config_);
  UnluckyClient unlucky(*member.client, 17);
  TransactionalSink sink(unlucky, *member.source, nullptr);
  ASSERT_TRUE(member.source->Subscribe(&member.partitions).ok());
  Positions positions;
  int copied = 0;
  const absl::Time deadline = absl::Now() + kTestLimit;
  while (copied < kRecords && absl::Now() < deadline) {
    const auto records = member.source->Poll(absl::Milliseconds(5), 300);
    ASSERT_TRUE(records.ok()) << records.status();
    publish::OutputBatch outputs;
    for (const InputRecord& record : *records) {
      outputs.Append(Topic::kAlerts, record.partition, record.value, record.value);
      positions[record.partition] = record.offset + 1;
    }
    copied += static_cast<int>(records->size());
    ASSERT_TRUE(sink.Append(outputs).ok());
    const absl::Status status = Commit(sink, positions, [] {});
    ASSERT_TRUE(status.ok()) << status;
  }
  EXPECT_EQ(copied, kRecords);

  std::map<std::string, int> seen;
  for (const StoredRecord& record : Stored(config_.topics().moment_alerts().name())) {
    ++seen[*record.value];
  }
  EXPECT_THAT(seen, SizeIs(kRecords));
  for (const auto& [value, times] : seen) ASSERT_EQ(times, 1) << value;
  for (const auto& [partition, position] : positions) {
    EXPECT_EQ(member.source->Committed(partition).value_or(-2), position);
  }
  EXPECT_GT(sink.stats().unknown_outcomes, 2);
  EXPECT_GT(sink.stats().aborts, 2);
}

}  // namespace
}  // namespace peakend::runtime
