#include "processors/warehouse/row_batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/warehouse/row_records.h"

namespace peakend::warehouse {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class RowBatchTest : public testing::Test {
 protected:
  std::vector<RowFault> FaultsOf(const RecordLog& log) {
    log.Fill(batch_);
    std::vector<RowFault> faults;
    for (const RowBatch::Fault& fault : batch_.Faults()) faults.push_back(fault.reason);
    return faults;
  }

  const RowTable table_ = RowTables()[static_cast<size_t>(RowKind::kJourney)];
  KnownKeys known_{1000};
  RowBatch batch_{table_, known_};
};

TEST_F(RowBatchTest, RecordsThatAreNoRowAreSetAsideWithTheReason) {
  RecordLog log;
  log.Add(Journey("a", 1));
  log.AddWithoutKey("x");
  log.AddBytes("", "x");
  log.AddBytes("b", "\x0a\x05no");
  bi::v1::JourneyRow latin = Journey("c", 1);
  std::string bytes = latin.SerializeAsString();
  bytes.replace(bytes.find("gold"), 4, "g\xf6ld");
  log.AddBytes("c", bytes);
  log.AddBytes("d", Journey("e", 1).SerializeAsString());
  log.Add(Journey("f", 1, ""));
  log.Add(Journey("g", 1, "yesterday"));
  bi::v1::JourneyRow nul = Journey("h", 1);
  nul.set_tier(std::string("a\0", 2));
  log.Add(nul);
  log.AddTombstone(std::string("i\0", 2));
  log.AddBytes("j", "");
  EXPECT_THAT(FaultsOf(log), ElementsAre(RowFault::kNoKey, RowFault::kNoKey, RowFault::kUnreadable,
                                         RowFault::kUnreadable, RowFault::kKeyDiffers,
                                         RowFault::kBadDate, RowFault::kBadDate, RowFault::kNulByte,
                                         RowFault::kNulByte, RowFault::kKeyDiffers));
  EXPECT_EQ(batch_.row_count(), 1U);
  EXPECT_EQ(batch_.records(), 11U);
  EXPECT_THAT(batch_.next(), ElementsAre(Pair(0, 11)));
  const RowBatch::Fault fault = batch_.Faults()[2];
  EXPECT_EQ(fault.record.key, "b");
  EXPECT_EQ(fault.record.value, "\x0a\x05no");
  EXPECT_EQ(fault.record.offset, 3);
  EXPECT_FALSE(batch_.Faults()[0].record.has_key);
}

TEST_F(RowBatchTest, AKeyThatComesBackAfterItsErasureBeginsASegment) {
  RecordLog log;
  log.Add(Journey("a", 1));
  log.AddTombstone("a");
  log.AddTombstone("a");
  log.Add(Journey("b", 1));
  log.Add(Journey("a", 2));
  log.AddTombstone("b");
  log.Fill(batch_);
  ASSERT_EQ(batch_.segments().size(), 2U);
  EXPECT_EQ(batch_.segments()[0].end, 2U);
  EXPECT_THAT(batch_.segments()[0].erased, ElementsAre("a"));
  EXPECT_EQ(batch_.segments()[1].begin, 2U);
  EXPECT_EQ(batch_.segments()[1].end, 3U);
  EXPECT_THAT(batch_.segments()[1].erased, ElementsAre("b"));
}

TEST_F(RowBatchTest, OnlyNewKeysOfDimensionsAreToBeWritten) {
  RecordLog log;
  for (const char* id : {"b", "a", "c", "a"}) log.Add(Journey(id, 1));
  known_.Add(KeyHash(0, "", "customer-b"));
  log.Fill(batch_);
  const auto ids = [&](const std::vector<size_t>& refused) {
    std::vector<std::string> found;
    for (const DimensionKey& key : batch_.NewKeys(refused)) found.push_back(key.id);
    return found;
  };
  EXPECT_THAT(ids({}), ElementsAre("customer-a", "customer-c"));
  EXPECT_THAT(ids({2}), ElementsAre("customer-a"));
  EXPECT_THAT(ids({1}), ElementsAre("customer-a", "customer-c"));
  EXPECT_THAT(ids({1, 2, 3}), IsEmpty());
}

TEST_F(RowBatchTest, ARowIsNewThatSaysSoAndIsAloneInItsSegment) {
  bi::v1::JourneyRow amended = Journey("c", 2);
  amended.set_amend_reason("late_event");
  RecordLog log;
  log.Add(Journey("a", 1));
  log.Add(Journey("b", 1));
  log.Add(amended);
  log.Add(Journey("b", 2));
  log.AddTombstone("a");
  log.Add(Journey("a", 2));
  log.Fill(batch_);
  std::string found;
  for (size_t row = 0; row < batch_.row_count(); ++row) found += batch_.IsNew(row) ? '1' : '0';
  EXPECT_EQ(found, "10001");
}

TEST_F(RowBatchTest, ClearedItIsAsNew) {
  RecordLog log;
  log.Add(Journey("a", 1));
  log.AddTombstone("a");
  log.AddBytes("b", "");
  log.Fill(batch_);
  batch_.Clear();
  EXPECT_TRUE(batch_.empty());
  EXPECT_EQ(batch_.bytes(), 0U);
  EXPECT_THAT(batch_.next(), IsEmpty());
  EXPECT_THAT(batch_.Faults(), IsEmpty());
  EXPECT_THAT(batch_.Days(), IsEmpty());
  EXPECT_THAT(batch_.NewKeys({}), IsEmpty());
  EXPECT_EQ(batch_.segments().size(), 1U);
}

TEST_F(RowBatchTest, AnyRangeOfRowsCanBeCopied) {
  RecordLog log;
  for (const char* id : {"a", "b", "c"}) log.Add(Journey(id, 1));
  log.Fill(batch_);
  const std::string all(batch_.CopyRows(0, 3));
  EXPECT_EQ(all, std::string(batch_.CopyRows(0, 1)) + std::string(batch_.CopyRows(1, 3)));
  EXPECT_EQ(batch_.CopyRows(1, 1), "");
  EXPECT_EQ(batch_.RecordOf(1).key, "b");
}

}  // namespace
}  // namespace peakend::warehouse
