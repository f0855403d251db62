// How memories fade, and what their records keep.
#include "processors/journey/memory.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <memory_resource>

#include "tests/durations.h"
#include "tests/journey/facts.h"

namespace peakend::journey {
namespace {

constexpr int64_t kMinutesADay = 1440;

TEST(FadedTest, HalfIsLeftAfterAHalfLife) {
  EXPECT_EQ(Faded(-8000, 0, 30 * kDay), -8000);
  EXPECT_EQ(Faded(-8000, 30 * kMinutesADay, 30 * kDay), -4000);
  EXPECT_EQ(Faded(-8000, 60 * kMinutesADay, 30 * kDay), -2000);
  EXPECT_EQ(Faded(10000, 15 * kMinutesADay, 30 * kDay), 7071);  // 10000 / sqrt(2)
  EXPECT_EQ(Faded(10000, 500 * kMinutesADay, 30 * kDay), 0);
  // Before its time a memory is as strong as it will ever be.
  EXPECT_EQ(Faded(5000, -9, kDay), 5000);
}

TEST(FadedTest, FollowsTheFormulaWithinTwoSteps) {
  EXPECT_TRUE(rc::check("formula", [] {
    const auto level = static_cast<RememberedLevel>(*rc::gen::inRange(-10000, 10001));
    const int64_t minutes = *rc::gen::inRange<int64_t>(0, 400 * kMinutesADay);
    const int64_t half_life_ms = *rc::gen::inRange<int64_t>(3'600'000, 1000 * kDay);
    const double exact = level * std::exp2(-static_cast<double>(minutes) * 60'000 /
                                           static_cast<double>(half_life_ms));
    const int faded = Faded(level, minutes, half_life_ms);
    RC_ASSERT(std::abs(faded - exact) <= 2);
    // It only ever fades.
    RC_ASSERT(std::abs(int{Faded(level, minutes + 1, half_life_ms)}) <= std::abs(faded));
  }));
}

TEST(FadedTest, NoHalfLifeOrAgeIsTooLarge) {
  const int64_t longest_ms = 1000 * kDay;
  for (const int64_t minutes : {int64_t{1}, longest_ms / 60'000 - 1, longest_ms / 60'000,
                                int64_t{std::numeric_limits<uint32_t>::max()}}) {
    for (const int64_t half_life_ms : {int64_t{3'600'000}, longest_ms}) {
      const double exact = 10000 * std::exp2(-static_cast<double>(minutes) * 60'000 /
                                             static_cast<double>(half_life_ms));
      EXPECT_NEAR(Faded(10000, minutes, half_life_ms), exact, 2);
      EXPECT_NEAR(Faded(-10000, minutes, half_life_ms), -exact, 2);
    }
  }
}

TEST(MemoryTest, MinutesAreNeverZero) {
  EXPECT_EQ(MinuteOf(0), 1U);
  EXPECT_EQ(MinuteOf(-5), 1U);
  EXPECT_EQ(MinuteOf(119'999), 1U);
  EXPECT_EQ(MinuteOf(120'000), 2U);
  EXPECT_EQ(MinuteOf(std::numeric_limits<int64_t>::max()), std::numeric_limits<uint32_t>::max());
}

TEST(MemoryTest, LevelsAreRounded) {
  EXPECT_EQ(ToRemembered(-affect::kNanoOne), -10000);
  EXPECT_EQ(ToRemembered(49'999), 0);
  EXPECT_EQ(ToRemembered(50'000), 1);
  EXPECT_EQ(ToRemembered(-50'000), -1);
  EXPECT_EQ(FromRemembered(-3175), -317'500'000);
}

TEST(MemoryTest, TheRecordKeepsAll) {
  Memory memory;
  EXPECT_TRUE(memory.empty());
  memory.worst_minute = 4;
  memory.best_minute = 5;
  memory.end_minute = 6;
  memory.last_minute = 7;
  memory.need_minute = 3;
  memory.need = {1, 2, UINT32_MAX};
  memory.worst = -9000;
  memory.best = 10000;
  memory.end = 0;
  memory.channel = 255;
  memory.has_end = true;
  memory.unrecovered = true;
  memory.resolved = true;
  memory.usual_waits.Add(1, 90'000);
  memory.usual_waits.Add(2, 5);
  RecordBytes bytes;
  Save(memory, bytes);
  v1::CustomerState::Memory record;
  ASSERT_TRUE(bytes.ReadInto(&record));
  EXPECT_EQ(FromRecord(record), memory);
  bytes.Clear();
  Save(Memory(), bytes);
  EXPECT_EQ(bytes.view(), "");
}

// The idle customers of a table are mostly made of it.
TEST(MemoryTest, ItIsSmall) { EXPECT_LE(sizeof(Memory), 60U); }

TEST(NeedTraceTest, IsComparedLikeTheNeedItself) {
  EventFacts facts;
  facts.case_hash = 0x1'0000'0007;
  facts.intent_hash = 8;
  Need need(std::pmr::get_default_resource());
  need.Add(facts);
  EXPECT_EQ(need.Trace(), (NeedTrace{7, 8, 0}));
  EXPECT_EQ(need.Compare(NeedTrace{7, 0, 0}), SameNeed::kYes);
  EXPECT_EQ(need.Compare(NeedTrace{9, 8, 0}), SameNeed::kNo);
  EXPECT_EQ(need.Compare(NeedTrace{0, 8, 5}), SameNeed::kYes);
  EXPECT_EQ(need.Compare(NeedTrace{0, 0, 5}), SameNeed::kUnknown);
  EXPECT_EQ(need.Compare(NeedTrace{}), SameNeed::kUnknown);
}

}  // namespace
}  // namespace peakend::journey
