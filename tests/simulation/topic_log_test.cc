#include "tests/simulation/topic_log.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace peakend::simulation {
namespace {

SharedPayload Record(std::string key, std::string value = "v") {
  Payload payload;
  payload.has_value = !value.empty();
  payload.key = std::move(key);
  payload.value = std::move(value);
  return std::make_shared<Payload>(std::move(payload));
}

std::vector<std::string> Committed(const TopicLog& log) {
  std::vector<std::string> seen;
  int64_t position = 0;
  while (const TopicLog::Record* record = log.NextCommitted(&position)) {
    seen.push_back(record->payload->key + "=" + record->payload->value);
  }
  return seen;
}

using Seen = std::vector<std::string>;
constexpr Producer kFirst{1, 0};
constexpr Producer kSecond{2, 0};

TEST(TopicLogTest, NothingBehindTheFirstOpenTransactionIsStable) {
  TopicLog log;
  log.Append(Record("a"), 1);
  ASSERT_EQ(log.AppendBatch(kFirst, 0, {Record("b")}, 2), BrokerError::kNone);
  log.Append(Record("c"), 3);
  ASSERT_EQ(log.AppendBatch(kSecond, 0, {Record("d")}, 4), BrokerError::kNone);
  EXPECT_EQ(log.LastStable(), 1);
  EXPECT_EQ(Committed(log), Seen{"a=v"});
  log.WriteMarker(kSecond, true, 5);
  EXPECT_EQ(log.LastStable(), 1);
  log.WriteMarker(kFirst, true, 6);
  EXPECT_EQ(log.LastStable(), 6) << "markers take offsets";
  EXPECT_EQ(Committed(log), (Seen{"a=v", "b=v", "c=v", "d=v"}));
}

TEST(TopicLogTest, AbortedRecordsAreSkippedAndPositionsPassThem) {
  TopicLog log;
  ASSERT_EQ(log.AppendBatch(kFirst, 0, {Record("a"), Record("b")}, 1), BrokerError::kNone);
  log.WriteMarker(kFirst, false, 2);
  ASSERT_EQ(log.AppendBatch(kFirst, 1, {Record("c")}, 3), BrokerError::kNone);
  log.WriteMarker(kFirst, true, 4);
  EXPECT_EQ(Committed(log), Seen{"c=v"});
  int64_t position = 4;
  EXPECT_EQ(log.NextCommitted(&position), nullptr);
  EXPECT_EQ(position, log.end());
}

TEST(TopicLogTest, ARepeatedBatchIsNotWrittenTwiceAndAGapIsRefused) {
  TopicLog log;
  ASSERT_EQ(log.AppendBatch(kFirst, 0, {Record("a")}, 1), BrokerError::kNone);
  EXPECT_EQ(log.AppendBatch(kFirst, 0, {Record("a")}, 1), BrokerError::kNone);
  EXPECT_EQ(log.end(), 1);
  EXPECT_EQ(log.AppendBatch(kFirst, 2, {Record("c")}, 1), BrokerError::kOutOfOrder);
}

TEST(TopicLogTest, AnOlderEpochIsFencedByAMarkerOrANewerBatch) {
  TopicLog log;
  ASSERT_EQ(log.AppendBatch({1, 0}, 0, {Record("a")}, 1), BrokerError::kNone);
  log.WriteMarker({1, 1}, false, 2);
  EXPECT_EQ(log.AppendBatch({1, 0}, 1, {Record("b")}, 3), BrokerError::kFenced);
  EXPECT_EQ(log.AppendBatch({1, 2}, 0, {Record("b")}, 3), BrokerError::kNone);
  EXPECT_EQ(log.AppendBatch({1, 1}, 0, {Record("b")}, 3), BrokerError::kFenced);
}

TEST(TopicLogTest, CompactionKeepsTheNewestCommittedOfEachKey) {
  TopicLog log;
  ASSERT_EQ(log.AppendBatch(kFirst, 0, {Record("a", "1"), Record("b", "1")}, 1),
            BrokerError::kNone);
  log.WriteMarker(kFirst, true, 2);
  ASSERT_EQ(log.AppendBatch(kFirst, 1, {Record("a", "2")}, 3), BrokerError::kNone);
  log.WriteMarker(kFirst, false, 4);
  log.Append(Record("b", ""), 5);
  ASSERT_EQ(log.AppendBatch(kFirst, 2, {Record("a", "3")}, 6), BrokerError::kNone);
  const int64_t end = log.end();
  log.Compact(10, 5);
  EXPECT_EQ(log.end(), end);
  EXPECT_EQ(Committed(log), (Seen{"a=1", "b="})) << "what it deletes went just now";
  log.Compact(14, 5);
  EXPECT_EQ(Committed(log), (Seen{"a=1", "b="}));
  log.Compact(15, 5);
  EXPECT_EQ(Committed(log), Seen{"a=1"});
  log.WriteMarker(kFirst, true, 7);
  EXPECT_EQ(Committed(log), (Seen{"a=1", "a=3"})) << "what was open then was left alone";
}

}  // namespace
}  // namespace peakend::simulation
