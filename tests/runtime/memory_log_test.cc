// What a sink writes into the input is read from there as it was written.
#include "processors/runtime/memory_log.h"

#include <gtest/gtest.h>

#include "processors/publish/clock_tick.h"

namespace peakend::runtime {
namespace {

TEST(MemoryLogTest, InputRecordsKeepTheirKeys) {
  MemoryLog log(2);
  log.SetAppendTime(1'767'225'600'000);
  publish::OutputBatch outputs;
  outputs.OpenInput(0, 1, "acme/c1").append("for another partition");
  publish::AppendClockTick(1, 5, outputs);
  ASSERT_TRUE(log.Append(outputs).ok());
  EXPECT_TRUE(log.input(0).empty());
  EXPECT_TRUE(log.outputs().empty());
  MemoryReader reader(log);
  const auto records = reader.Poll({}, 10);
  ASSERT_TRUE(records.ok());
  ASSERT_EQ(records->size(), 2U);
  const InputRecord& first = records->at(0);
  EXPECT_EQ(first.partition, 1);
  EXPECT_EQ(first.offset, 0);
  EXPECT_EQ(first.timestamp_ms, 1'767'225'600'000);
  EXPECT_TRUE(first.has_key);
  EXPECT_EQ(first.key, "acme/c1");
  EXPECT_EQ(first.value, "for another partition");
  EXPECT_EQ(records->at(1).offset, 1);
  EXPECT_EQ(records->at(1).key, "") << "a tick is for the whole partition";
}

TEST(MemoryLogTest, OffsetsGoOnAfterATrim) {
  MemoryLog log(1);
  log.Append(0, {-1, 0, "k", "a", {}});
  log.Trim(0, 1);
  log.Append(0, {-1, 0, "k", "b", {}});
  EXPECT_EQ(log.input(0).front().offset, 1);
}

TEST(MemoryLogTest, IsReadInTurnsOrAsRecordsCame) {
  MemoryLog log(3);
  for (const int32_t partition : {2, 2, 0, 1, 0}) log.Append(partition, {-1, 0, "k", "v", {}});
  MemoryReader in_turns(log);
  MemoryReader as_they_came(log, ReadOrder::kArrival);
  const auto partitions = [](MemoryReader& reader) {
    std::vector<int32_t> read;
    for (const size_t most : {2, 10}) {
      const auto records = reader.Poll({}, most);
      if (!records.ok()) break;
      for (const InputRecord& record : *records) read.push_back(record.partition);
    }
    return read;
  };
  EXPECT_EQ(partitions(in_turns), (std::vector<int32_t>{0, 1, 0, 2, 2}));
  EXPECT_EQ(partitions(as_they_came), (std::vector<int32_t>{2, 2, 0, 1, 0}));
}

}  // namespace
}  // namespace peakend::runtime
