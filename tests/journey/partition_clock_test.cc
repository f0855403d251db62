#include "processors/journey/partition_clock.h"

#include <gtest/gtest.h>

namespace peakend::journey {
namespace {

TEST(PartitionClockTest, NeverGoesBack) {
  PartitionClock clock;
  EXPECT_TRUE(clock.Advance(1000, 0));
  EXPECT_FALSE(clock.Advance(1000, 0));
  EXPECT_FALSE(clock.Advance(999, 0));
  EXPECT_EQ(clock.now_ms(), 1000);
  EXPECT_EQ(clock.WatermarkMs(5), 995);
}

TEST(PartitionClockTest, AnEventFromTheFutureCountsAtTheBrokersTime) {
  PartitionClock clock;
  constexpr int64_t kTenYears = int64_t{10} * 365 * 86'400'000;
  EXPECT_TRUE(clock.Advance(2000 + kTenYears, 2000));
  EXPECT_EQ(clock.now_ms(), 2000);
}

// A backfill: the broker says today, the events tell the time.
TEST(PartitionClockTest, ABackfillRunsInEventTime) {
  PartitionClock clock;
  EXPECT_TRUE(clock.Advance(1000, 9'000'000));
  EXPECT_EQ(clock.now_ms(), 1000);
}

TEST(PartitionClockTest, BeforeTheFirstRecordEverythingIsNew) {
  PartitionClock clock;
  EXPECT_EQ(clock.now_ms(), PartitionClock::kUnset);
  EXPECT_LT(clock.WatermarkMs(86'400'000), 0);
  EXPECT_TRUE(clock.Advance(1, 0));
}

}  // namespace
}  // namespace peakend::journey
