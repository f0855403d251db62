#include "processors/journey/calendar_text.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string_view>

#include "tests/durations.h"

namespace peakend::journey {
namespace {

constexpr int64_t kOctober = 20'727;  // 2026-10-01

TEST(CalendarText, SpansOfTheWeek) {
  const auto office = ParseWeekSpan("Mon-Fri 09:00-18:30");
  ASSERT_TRUE(office.ok());
  EXPECT_EQ(office->first, 0u);
  EXPECT_EQ(office->last, 4u);
  EXPECT_EQ(office->hours, (OpenSpan{9 * kHour, 18 * kHour + kHour / 2}));
  const auto sunday = ParseWeekSpan("Sun 00:00-24:00");
  ASSERT_TRUE(sunday.ok());
  EXPECT_EQ(sunday->first, 6u);
  EXPECT_EQ(sunday->last, 6u);
  EXPECT_EQ(sunday->hours, (OpenSpan{0, 24 * kHour}));
  ASSERT_TRUE(ParseWeekSpan("Sun-Thu 09:00-17:00").ok());
}

TEST(CalendarText, OtherSpansAreRefused) {
  for (const std::string_view text :
       {"", "Mon", "Mon-Fri", "09:00-18:00", "mon 09:00-18:00", "Mon 9:00-18:00", "Mon 09:00",
        "Mon 09:00-18:00 ", "Mon  09:00-18:00", "Mon-Fri-Sat 09:00-18:00", "Mon 09:00-24:01",
        "Mon 09:60-18:00", "Mon 24:00-24:00", "Mon 18:00-09:00", "Mon 09:00-09:00",
        "Mon 09:00-18:00:00", "Mon -9:00-18:00", "Mon,Tue 09:00-18:00"}) {
    EXPECT_FALSE(ParseWeekSpan(text).ok()) << text;
  }
}

TEST(CalendarText, Holidays) {
  EXPECT_EQ(*ParseHoliday("2026-10-01"), (DayRange{kOctober, kOctober}));
  EXPECT_EQ(*ParseHoliday("2026-10-01..2026-10-07"), (DayRange{kOctober, kOctober + 6}));
  EXPECT_TRUE(ParseHoliday("2028-02-29").ok());
  for (const std::string_view text :
       {"", "2026-10-1", "2026-02-29", "2026-13-01", "2026-00-01", "2026-10-00", "1999-12-31",
        "2061-01-01", "2026-10-07..2026-10-01", "2026-10-01..", "..2026-10-01", "2026-10-01 ",
        "2026/10/01", "01.10.2026", "2026-10-01...2026-10-07"}) {
    EXPECT_FALSE(ParseHoliday(text).ok()) << text;
  }
}

TEST(CalendarText, Workdays) {
  const auto monday = ParseWorkday("2026-10-10");
  ASSERT_TRUE(monday.ok());
  EXPECT_EQ(monday->day, kOctober + 9);
  EXPECT_FALSE(monday->hours);
  const auto own = ParseWorkday("2026-10-10 09:00-17:00");
  ASSERT_TRUE(own.ok());
  EXPECT_EQ(*own->hours, (OpenSpan{9 * kHour, 17 * kHour}));
  for (const std::string_view text : {"", "Sat", "2026-10-10 ", "2026-10-10 9-17",
                                      "2026-10-10 17:00-09:00", "2026-10-10..2026-10-11"}) {
    EXPECT_FALSE(ParseWorkday(text).ok()) << text;
  }
}

}  // namespace
}  // namespace peakend::journey
