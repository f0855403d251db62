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

}  // namespace
}  // namespace peakend::runtime
