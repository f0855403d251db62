// Numbers, times and names as explanations write them: exact where they must add up, and
// columns that hold Chinese.
#include "processors/explain/quantity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "processors/explain/display_width.h"

namespace peakend::explain {
namespace {

TEST(QuantityTest, ExactShowsAllStepsAndNoSignOfNothing) {
  EXPECT_EQ(Exact(-0.54), "-0.54");
  EXPECT_EQ(Exact(0.470857143), "+0.470857143");
  EXPECT_EQ(Exact(1), "+1.00");
  EXPECT_EQ(Exact(-1e-12), "0.00");
  EXPECT_EQ(Weight(0.421875), "0.421875");
}

TEST(QuantityTest, LevelRoundsToTwoDigits) {
  EXPECT_EQ(Level(-0.576), "-0.58");
  EXPECT_EQ(Level(-0.001), "0.00");
}

TEST(QuantityTest, DurationTellsTheTwoLargestUnits) {
  EXPECT_EQ(Duration(0, Language::kEnglish), "0 s");
  EXPECT_EQ(Duration(850, Language::kEnglish), "850 ms");
  EXPECT_EQ(Duration(200'000, Language::kEnglish), "3 min 20 s");
  EXPECT_EQ(Duration(200'000, Language::kChinese), "3 分钟 20 秒");
  EXPECT_EQ(Duration(86'400'000 + 60'000, Language::kEnglish), "1 d");
  EXPECT_EQ(Duration(-60'000, Language::kEnglish), "-1 min");
}

TEST(QuantityTest, TimeLeavesOutTheDayThatIsKnown) {
  constexpr int64_t kMs = 1'736'154'040'000;
  EXPECT_EQ(DateTime(kMs), "2025-01-06 09:00:40");
  EXPECT_EQ(DateTime(kMs + 5), "2025-01-06 09:00:40.005");
  EXPECT_EQ(TimeOn(kMs, kMs - 1000), "09:00:40");
  EXPECT_EQ(TimeOn(kMs + 86'400'000, kMs), "2025-01-07 09:00:40");
}

TEST(QuantityTest, ControlCharactersDoNotReachTheTerminal) {
  EXPECT_EQ(Name("客户-1"), "客户-1");
  EXPECT_EQ(Name(""), "-");
  EXPECT_EQ(Name("a\x1b[2J"), R"("a\u001b[2J")");
}

TEST(DisplayWidthTest, ChineseTakesTwoColumns) {
  EXPECT_EQ(DisplayWidth("abc"), 3);
  EXPECT_EQ(DisplayWidth("é"), 1);
  EXPECT_EQ(DisplayWidth("客户a"), 5);
  EXPECT_EQ(PadRight("客户", 6), "客户  ");
  EXPECT_EQ(PadLeft("客户", 6), "  客户");
  EXPECT_EQ(PadRight("longer", 3), "longer ");
}

}  // namespace
}  // namespace peakend::explain
