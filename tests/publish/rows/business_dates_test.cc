#include "processors/publish/rows/business_dates.h"

#include <gtest/gtest.h>

#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"

namespace peakend::publish {
namespace {

constexpr int64_t kHourMs = 3'600'000;
constexpr int64_t kDayMs = 24 * kHourMs;

std::string DateOf(const absl::TimeZone& zone, int64_t at_ms) {
  const absl::CivilDay day = absl::ToCivilDay(absl::FromUnixMillis(at_ms), zone);
  return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
}

// Each change of the zone's offset from 1960 to 2240, in ms.
std::vector<int64_t> Changes(const absl::TimeZone& zone) {
  std::vector<int64_t> changes;
  absl::Time at = absl::FromCivil(absl::CivilYear(1960), zone);
  absl::TimeZone::CivilTransition change;
  while (zone.NextTransition(at, &change) && change.to.year() < 2240) {
    at = zone.At(change.to).trans;
    changes.push_back(absl::ToUnixMillis(at));
  }
  return changes;
}

TEST(BusinessDates, AreThoseOfTheZone) {
  BusinessDates dates;
  const absl::TimeZone utc = absl::UTCTimeZone();
  const absl::TimeZone east = absl::FixedTimeZone(8 * 3600);
  const int64_t evening_ms = 1'736'164'800'000 + 6 * kHourMs;  // 2025-01-06T18:00Z
  EXPECT_EQ(dates.Of(utc, evening_ms), "2025-01-06");
  EXPECT_EQ(dates.Of(east, evening_ms), "2025-01-07");
  EXPECT_EQ(dates.Of(utc, evening_ms + 6 * kHourMs - 1), "2025-01-06");
  EXPECT_EQ(dates.Of(utc, evening_ms + 6 * kHourMs), "2025-01-07");
  EXPECT_EQ(dates.Of(utc, 0), "1970-01-01");
  EXPECT_EQ(dates.Of(utc, -1), "1969-12-31");
}

// Clocks that change at midnight, a day that was left out, and one that came twice in part.
TEST(BusinessDates, AreRightAroundEveryChangeOfTheOffset) {
  for (const char* const name :
       {"America/Havana", "America/Sao_Paulo", "America/St_Johns", "Africa/Casablanca", "Asia/Gaza",
        "Asia/Shanghai", "Asia/Tehran", "Europe/Berlin", "Pacific/Apia", "Pacific/Kwajalein"}) {
    absl::TimeZone zone;
    ASSERT_TRUE(absl::LoadTimeZone(name, &zone)) << name;
    BusinessDates dates;
    for (const int64_t change_ms : Changes(zone)) {
      // To and fro, so that what is remembered of one side is asked for on the other.
      for (int64_t away_ms = 0; away_ms <= 2 * kDayMs; away_ms += kHourMs / 2) {
        for (const int64_t at_ms : {change_ms + away_ms, change_ms - 1 - away_ms}) {
          ASSERT_EQ(dates.Of(zone, at_ms), DateOf(zone, at_ms)) << name << " " << at_ms;
        }
      }
    }
  }
}

}  // namespace
}  // namespace peakend::publish
