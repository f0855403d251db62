// Source and sink against a real broker: what goes in comes out, and the offsets
// say so afterwards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "processors/publish/partitioner.h"
#include "processors/runtime/kafka_sink.h"
#include "processors/runtime/kafka_source.h"
#include "tests/kafka/kafka_cluster.h"
#include "tests/runtime/kafka_partitions.h"

namespace peakend::runtime {
namespace {

using publish::Topic;
using testing::HasSubstr;
using testing::SizeIs;

class KafkaRoundTripTest : public KafkaClusterTest {
 protected:
  void SetUp() override {
    KafkaClusterTest::SetUp();
    if (HasFatalFailure()) return;
    auto source = KafkaSource::Open(config_, nullptr);
    ASSERT_TRUE(source.ok()) << source.status();
    source_ = *std::move(source);
    auto sink = KafkaSink::Open(config_, source_.get(), [this](int level, std::string_view line) {
      if (line.find("undeliverable") != std::string_view::npos) lines_.emplace_back(line);
    });
    ASSERT_TRUE(sink.ok()) << sink.status();
    sink_ = *std::move(sink);
    ASSERT_TRUE(source_->Subscribe(&partitions_).ok());
  }

  void Fill(int records) {
    auto producer = Producer(input());
    for (int i = 0; i < records; ++i) {
      const std::string key = "tenant/customer-" + std::to_string(i % 97);
      const std::string value = std::to_string(i);
      ProducedRecord record;
      record.key = key;
      record.value = value;
      ASSERT_TRUE(producer->Send(record).ok());
    }
    const absl::Status flushed = producer->Flush(kTestLimit);
    ASSERT_TRUE(flushed.ok()) << flushed;
    ASSERT_EQ(producer->delivered(), records);
  }

  // Copies `count` records of the input, as they are, to `topic` and commits.
  void Copy(Topic topic, size_t count) {
    Positions positions;
    size_t copied = 0;
    const absl::Time deadline = absl::Now() + kTestLimit;
    while (copied < count && absl::Now() < deadline) {
      const auto records = source_->Poll(absl::Milliseconds(5), 1000);
      ASSERT_TRUE(records.ok()) << records.status();
      publish::OutputBatch outputs;
      for (const InputRecord& record : *records) {
        outputs.AppendOriginal({topic, record.partition, record.partition, record.key, record.value,
                                record.has_key, record.has_value, nullptr},
                               {{"ours", "last"}});
        outputs.PrependHeaders(outputs.size() - 1, source_->Headers(record));
        positions[record.partition] = record.offset + 1;
      }
      ASSERT_TRUE(sink_->Append(outputs).ok());
      copied += records->size();
    }
    ASSERT_EQ(copied, count);
    const absl::Status committed = sink_->Commit(positions);
    ASSERT_TRUE(committed.ok()) << committed;
  }

  KafkaPartitionsSeen partitions_;
  std::vector<std::string> lines_;
  std::unique_ptr<KafkaSource> source_;
  std::unique_ptr<KafkaSink> sink_;
};

TEST_F(KafkaRoundTripTest, EveryRecordComesOutInItsPartitionAndOrder) {
  constexpr int kRecords = 20'000;
  Fill(kRecords);
  Copy(Topic::kJourneys, kRecords);
  for (const auto& [partition, lag] : source_->Lag()) EXPECT_EQ(lag, 0) << partition;
  EXPECT_TRUE(source_->Close().ok());

  const std::vector<StoredRecord> stored = Stored(config_.topics().journeys().name());
  ASSERT_THAT(stored, SizeIs(kRecords));
  std::map<std::string, int> last_of_key;
  for (const StoredRecord& record : stored) {
    EXPECT_EQ(record.partition, publish::PartitionFor(*record.key, kPartitions));
    const int number = std::stoi(*record.value);
    const auto [last, first] = last_of_key.try_emplace(*record.key, number);
    if (first) continue;
    EXPECT_LT(last->second, number);
    last->second = number;
  }
}

TEST_F(KafkaRoundTripTest, TheNextProcessFindsTheCommittedPositions) {
  Fill(1000);
  Copy(Topic::kJourneys, 1000);
  EXPECT_TRUE(source_->Close().ok());
  auto next = KafkaSource::Open(config_, nullptr);
  ASSERT_TRUE(next.ok()) << next.status();
  int64_t sum = 0;
  for (int32_t partition = 0; partition < kPartitions; ++partition) {
    const auto position = (*next)->Committed(partition);
    ASSERT_TRUE(position.ok()) << position.status();
    sum += *position;
  }
  EXPECT_EQ(sum, 1000);
}

TEST_F(KafkaRoundTripTest, OddRecordsPassThroughByteForByte) {
  const std::string bytes("\0\xff\x80\r\n", 5);
  const std::string two_megabytes(2'000'000, '\xee');
  auto producer = Producer(input());
  ProducedRecord no_key;
  no_key.value = bytes;
  no_key.headers = {{"trace", bytes}, {"trace", ""}, {"", "no name"}};
  ASSERT_TRUE(producer->Send(no_key).ok());
  ProducedRecord no_value;
  no_value.key = "";
  no_value.partition = 0;
  ASSERT_TRUE(producer->Send(no_value).ok());
  ProducedRecord large;
  large.value = two_megabytes;
  ASSERT_TRUE(producer->Send(large).ok());
  const absl::Status flushed = producer->Flush(kTestLimit);
  ASSERT_TRUE(flushed.ok()) << flushed;

  Copy(Topic::kRejected, 3);
  const auto stored = Stored(config_.topics().rejected_records().name());
  ASSERT_THAT(stored, SizeIs(3));
  EXPECT_EQ(stored[0].key, std::nullopt);
  EXPECT_EQ(stored[0].value, bytes);
  EXPECT_GT(stored[0].timestamp_ms, 0);
  ASSERT_THAT(stored[0].headers, SizeIs(4));
  EXPECT_EQ(stored[0].headers[0].value, bytes);
  EXPECT_EQ(stored[0].headers[1].value, "");
  EXPECT_EQ(stored[0].headers[2].name, "");
  EXPECT_EQ(stored[0].headers[3].name, "ours");
  EXPECT_EQ(stored[1].key, "");
  EXPECT_EQ(stored[1].value, std::nullopt);
  EXPECT_TRUE(stored[2].value == two_megabytes);
}

TEST_F(KafkaRoundTripTest, ARecordLargerThanItsTopicTakesIsLeftBehind) {
  // Incompressible, so that it stays above the broker's limit of 1 MiB.
  std::string large(3'000'000, '\0');
  uint32_t state = 1;
  for (char& byte : large) byte = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  publish::OutputBatch outputs;
  outputs.Append(Topic::kAlerts, 0, "k", large);
  ASSERT_TRUE(sink_->Append(outputs).ok());
  ASSERT_TRUE(sink_->Commit({}).ok());
  outputs.Clear();
  outputs.Append(Topic::kAlerts, 0, "k", "small");
  ASSERT_TRUE(sink_->Append(outputs).ok());
  ASSERT_TRUE(sink_->Commit({}).ok());
  EXPECT_EQ(sink_->stats().undeliverable[static_cast<size_t>(Topic::kAlerts)], 1);
  ASSERT_THAT(lines_, SizeIs(1));
  EXPECT_THAT(lines_[0], HasSubstr("3000000 bytes"));
  EXPECT_THAT(Stored(config_.topics().moment_alerts().name()), SizeIs(1));
}

}  // namespace
}  // namespace peakend::runtime
