// Open time: nights, weekends, holidays and clocks that are put forward and back, and random
// calendars against one that looks at each minute.
#include "processors/journey/business_hours.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/durations.h"

namespace peakend::journey {
namespace {

absl::TimeZone Zone(const std::string& name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone)) << name;
  return zone;
}

// The offsets around the years that are tested, found by asking for each hour.
std::vector<UtcOffset> OffsetsOf(const absl::TimeZone& zone) {
  std::vector<UtcOffset> offsets;
  const absl::Time end = absl::FromCivil(absl::CivilYear(2028), absl::UTCTimeZone());
  for (absl::Time at = absl::FromCivil(absl::CivilYear(2024), absl::UTCTimeZone()); at < end;
       at += absl::Minutes(30)) {
    const int64_t ahead_ms = int64_t{zone.At(at).offset} * 1000;
    if (offsets.empty() || offsets.back().ahead_ms != ahead_ms) {
      offsets.push_back({absl::ToUnixMillis(at), ahead_ms});
    }
  }
  return offsets;
}

int64_t DayOf(int year, int month, int day) {
  return absl::CivilDay(year, month, day) - absl::CivilDay(1970, 1, 1);
}

OpenSpan Hours(int from, int to) {
  return {static_cast<int32_t>(from * kHour), static_cast<int32_t>(to * kHour)};
}

// Monday to Friday from 9 to 18, Saturday from 10 to 14.
CalendarPlan OfficeHours(const std::string& zone) {
  CalendarPlan plan;
  plan.name = "office";
  for (size_t day = 0; day < 5; ++day) plan.week[day] = {Hours(9, 18)};
  plan.week[5] = {Hours(10, 14)};
  plan.offsets = OffsetsOf(Zone(zone));
  return plan;
}

class Office {
 public:
  explicit Office(const std::string& zone) : Office(zone, OfficeHours(zone)) {}
  Office(const std::string& zone, CalendarPlan plan) : zone_(Zone(zone)), hours_(std::move(plan)) {}

  int64_t At(const std::string& local) const {
    absl::Time time;
    std::string error;
    EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M", local, zone_, &time, &error)) << error;
    return absl::ToUnixMillis(time);
  }
  int64_t OpenMs(const std::string& from, const std::string& to) const {
    return hours_.OpenMs(At(from), At(to));
  }
  std::string After(const std::string& from, int64_t open_ms) const {
    return absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixMillis(hours_.After(At(from), open_ms)),
                            zone_);
  }
  const BusinessHours& hours() const { return hours_; }

 private:
  absl::TimeZone zone_;
  BusinessHours hours_;
};

TEST(BusinessHours, CountWithinADayAndNotAtNight) {
  const Office office("UTC");
  EXPECT_EQ(office.OpenMs("2026-03-02 10:00", "2026-03-02 10:05"), 5 * kMinute);
  EXPECT_EQ(office.OpenMs("2026-03-02 17:30", "2026-03-03 09:10"), 40 * kMinute);
  EXPECT_EQ(office.OpenMs("2026-03-02 18:00", "2026-03-03 09:00"), 0);
  EXPECT_EQ(office.OpenMs("2026-03-02 10:00", "2026-03-02 10:00"), 0);
  EXPECT_EQ(office.OpenMs("2026-03-03 10:00", "2026-03-02 10:00"), 0);
  EXPECT_EQ(office.After("2026-03-02 17:30", 40 * kMinute), "2026-03-03 09:10");
  EXPECT_EQ(office.After("2026-03-02 20:00", kMinute), "2026-03-03 09:01");
}

TEST(BusinessHours, AfterIsTheEarliestTime) {
  const Office office("UTC");
  EXPECT_EQ(office.After("2026-03-02 17:00", kHour), "2026-03-02 18:00");
  EXPECT_EQ(office.After("2026-03-02 17:00", kHour + 1), "2026-03-03 09:00");
  EXPECT_EQ(office.After("2026-03-02 20:00", 0), "2026-03-02 20:00");
}

TEST(BusinessHours, SkipTheWeekend) {
  const Office office("UTC");
  EXPECT_EQ(office.OpenMs("2026-03-06 17:00", "2026-03-09 10:00"), kHour + 4 * kHour + kHour);
  EXPECT_EQ(office.After("2026-03-06 17:00", 5 * kHour + kMinute), "2026-03-09 09:01");
}

TEST(BusinessHours, HolidaysAreClosedAndMakeUpDaysOpen) {
  CalendarPlan plan = OfficeHours("Asia/Shanghai");
  plan.holidays = {{DayOf(2026, 10, 3), DayOf(2026, 10, 7)},
                   {DayOf(2026, 10, 1), DayOf(2026, 10, 4)}};
  plan.workdays = {{DayOf(2026, 10, 10), {Hours(9, 18)}}, {DayOf(2026, 10, 5), {Hours(12, 13)}}};
  const Office office("Asia/Shanghai", plan);
  EXPECT_EQ(office.OpenMs("2026-09-30 17:00", "2026-10-08 10:00"), 3 * kHour);
  EXPECT_EQ(office.OpenMs("2026-10-10 00:00", "2026-10-11 00:00"), 9 * kHour);
  EXPECT_EQ(office.After("2026-09-30 17:30", kHour), "2026-10-05 12:30");
}

TEST(BusinessHours, SpansOfOneDayJoin) {
  CalendarPlan plan = OfficeHours("UTC");
  plan.week[0] = {Hours(14, 18), Hours(9, 12), Hours(11, 13), Hours(13, 14)};
  const Office office("UTC", plan);
  EXPECT_EQ(office.OpenMs("2026-03-02 00:00", "2026-03-03 00:00"), 9 * kHour);
}

TEST(BusinessHours, OverMidnightIsWrittenAsTwoSpans) {
  CalendarPlan plan = OfficeHours("UTC");
  plan.week[0] = {Hours(22, 24)};
  plan.week[1] = {Hours(0, 6)};
  const Office office("UTC", plan);
  EXPECT_EQ(office.OpenMs("2026-03-02 21:00", "2026-03-03 07:00"), 8 * kHour);
  EXPECT_EQ(office.After("2026-03-02 23:30", kHour), "2026-03-03 00:30");
}

TEST(BusinessHours, TheClockIsPutForward) {
  CalendarPlan plan = OfficeHours("Europe/Berlin");
  plan.week[6] = {Hours(1, 4)};
  const Office office("Europe/Berlin", plan);
  EXPECT_EQ(office.OpenMs("2026-03-29 00:00", "2026-03-29 12:00"), 2 * kHour);
  EXPECT_EQ(office.After("2026-03-29 00:00", 90 * kMinute), "2026-03-29 03:30");
  // The same local hours, an hour earlier by UTC.
  EXPECT_EQ(office.At("2026-03-30 09:00") - office.At("2026-03-27 09:00"), 3 * kDay - kHour);
  EXPECT_EQ(office.After("2026-03-28 20:00", 2 * kHour + kMinute), "2026-03-30 09:01");
}

TEST(BusinessHours, TheClockIsPutBack) {
  CalendarPlan plan = OfficeHours("Europe/Berlin");
  plan.week[6] = {Hours(1, 4)};
  const Office office("Europe/Berlin", plan);
  EXPECT_EQ(office.OpenMs("2026-10-25 00:00", "2026-10-25 12:00"), 4 * kHour);
  EXPECT_EQ(office.After("2026-10-25 00:00", 3 * kHour + 30 * kMinute), "2026-10-25 03:30");
}

TEST(BusinessHours, AnHourThatIsShownTwiceIsOpenTwice) {
  CalendarPlan plan = OfficeHours("Europe/Berlin");
  plan.week[6] = {{static_cast<int32_t>(150 * kMinute), static_cast<int32_t>(210 * kMinute)}};
  const Office office("Europe/Berlin", plan);
  // 2:30 to 3:00 of summer, closed while it is 2:00 again, 2:30 to 3:30 of winter.
  EXPECT_EQ(office.OpenMs("2026-10-25 00:00", "2026-10-25 12:00"), 90 * kMinute);
}

TEST(BusinessHours, ZonesOffTheHour) {
  const Office office("Asia/Kathmandu");
  EXPECT_EQ(office.hours().After(absl::ToUnixMillis(absl::FromCivil(absl::CivilDay(2026, 3, 2),
                                                                    absl::UTCTimeZone())),
                                 kMinute),
            absl::ToUnixMillis(
                absl::FromCivil(absl::CivilMinute(2026, 3, 2, 3, 16), absl::UTCTimeZone())));
}

TEST(BusinessHours, NobodyLooksFurtherThanFourHundredDays) {
  CalendarPlan plan;
  plan.name = "once";
  plan.workdays = {{DayOf(2026, 3, 2), {Hours(9, 10)}}};
  plan.offsets = {{0, 0}};
  const BusinessHours once(plan);
  const int64_t from_ms = DayOf(2026, 3, 1) * kDay;
  EXPECT_EQ(once.After(from_ms, kHour), from_ms + kDay + 10 * kHour);
  EXPECT_EQ(once.After(from_ms, kHour + 1), from_ms + BusinessHours::kLongestMs);
  EXPECT_EQ(once.OpenMs(from_ms, from_ms + BusinessHours::kLongestMs), kHour);
  // Of a longer time the last part counts.
  EXPECT_EQ(once.OpenMs(from_ms, from_ms + BusinessHours::kLongestMs + 2 * kDay), 0);
}

TEST(BusinessHours, WithoutACalendarAllTimeCounts) {
  EXPECT_EQ(OpenMs(nullptr, 1000, 61'000), 60'000);
  EXPECT_EQ(After(nullptr, 1000, 60'000), 61'000);
}

// A calendar that asks the system's clock about one minute after the other.
class EachMinute {
 public:
  EachMinute(absl::TimeZone zone, const CalendarPlan& plan) : zone_(zone), plan_(plan) {}

  bool IsOpen(int64_t at_ms) const {
    const absl::CivilSecond local = absl::ToCivilSecond(absl::FromUnixMillis(at_ms), zone_);
    const int64_t day = absl::CivilDay(local) - absl::CivilDay(1970, 1, 1);
    const int64_t of_day = local.hour() * kHour + local.minute() * kMinute;
    const auto holds = [&](const DayHours& hours) {
      return std::any_of(hours.begin(), hours.end(), [&](const OpenSpan& span) {
        return span.from_ms <= of_day && of_day < span.to_ms;
      });
    };
    bool special = false;
    bool open = false;
    for (const SpecialDay& workday : plan_.workdays) {
      special = special || workday.day == day;
      open = open || (workday.day == day && holds(workday.hours));
    }
    if (special) return open;
    for (const DayRange& days : plan_.holidays) {
      if (days.first <= day && day <= days.last) return false;
    }
    return holds(plan_.week[static_cast<size_t>(absl::GetWeekday(local))]);
  }
  int64_t OpenMs(int64_t from_ms, int64_t to_ms) const {
    int64_t open_ms = 0;
    for (int64_t minute = from_ms - from_ms % kMinute; minute < to_ms; minute += kMinute) {
      if (!IsOpen(minute)) continue;
      open_ms += std::min(to_ms, minute + kMinute) - std::max(from_ms, minute);
    }
    return open_ms;
  }

 private:
  absl::TimeZone zone_;
  const CalendarPlan& plan_;
};

class RandomCalendar {
 public:
  explicit RandomCalendar(uint64_t seed) : random_(seed) {}

  int64_t Below(int64_t end) { return std::uniform_int_distribution<int64_t>(0, end - 1)(random_); }
  // Somewhere near a change of the clock, or anywhere in the years around.
  int64_t Time(const std::vector<UtcOffset>& offsets) {
    if (offsets.size() > 1 && Below(2) == 0) {
      const int64_t change = 1 + Below(static_cast<int64_t>(offsets.size()) - 1);
      return offsets[static_cast<size_t>(change)].from_ms + Below(4 * kDay) - 2 * kDay;
    }
    return DayOf(2025, 1, 1) * kDay + Below(730 * kDay);
  }
  CalendarPlan Plan(int64_t around_day) {
    CalendarPlan plan;
    plan.name = "random";
    for (DayHours& hours : plan.week) hours = DayHoursOf(Below(3));
    for (int64_t i = Below(4); i > 0; --i) {
      const int64_t first = around_day + Below(12) - 4;
      plan.holidays.push_back({first, first + Below(3)});
    }
    for (int64_t i = Below(4); i > 0; --i) {
      plan.workdays.push_back({around_day + Below(12) - 4, DayHoursOf(1 + Below(2))});
    }
    return plan;
  }

 private:
  DayHours DayHoursOf(int64_t spans) {
    DayHours hours;
    for (; spans > 0; --spans) {
      const int64_t from = Below(24 * 60);
      const int64_t to = Below(8) == 0 ? 24 * 60 : from + 1 + Below(24 * 60 - from);
      hours.push_back({static_cast<int32_t>(from * kMinute), static_cast<int32_t>(to * kMinute)});
    }
    return hours;
  }

  std::mt19937_64 random_;
};

struct KnownZone {
  std::string name;
  absl::TimeZone zone;
  std::vector<UtcOffset> offsets;
};

std::vector<KnownZone> KnownZones() {
  std::vector<KnownZone> zones;
  for (const char* name :
       {"UTC", "Europe/Berlin", "Asia/Shanghai", "Asia/Kathmandu", "America/New_York",
        "Australia/Lord_Howe", "America/St_Johns", "Pacific/Kiritimati"}) {
    zones.push_back({name, Zone(name), OffsetsOf(Zone(name))});
  }
  return zones;
}

TEST(BusinessHours, AgreeWithAClockThatIsAskedEachMinute) {
  const char* given = std::getenv("PEAKEND_SEED");
  const uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : 20'261'010;
  SCOPED_TRACE("PEAKEND_SEED=" + std::to_string(seed));
  RandomCalendar random(seed);
  const std::vector<KnownZone> zones = KnownZones();
  constexpr int kCases = 1'500;
  for (int i = 0; i < kCases; ++i) {
    const auto& [name, zone, offsets] =
        zones[static_cast<size_t>(random.Below(static_cast<int64_t>(zones.size())))];
    SCOPED_TRACE("case " + std::to_string(i) + " in " + name);
    const int64_t from_ms = random.Time(offsets);
    CalendarPlan plan = random.Plan(from_ms / kDay);
    plan.offsets = offsets;
    const BusinessHours hours(plan);
    const EachMinute model(zone, plan);
    const int64_t to_ms = from_ms + random.Below(4 * kDay);
    const int64_t open_ms = hours.OpenMs(from_ms, to_ms);
    ASSERT_EQ(open_ms, model.OpenMs(from_ms, to_ms));
    const int64_t middle_ms = from_ms + random.Below(to_ms - from_ms + 1);
    ASSERT_EQ(hours.OpenMs(from_ms, middle_ms) + hours.OpenMs(middle_ms, to_ms), open_ms);
    if (open_ms == 0) continue;
    const int64_t wanted_ms = 1 + random.Below(open_ms);
    const int64_t due_ms = hours.After(from_ms, wanted_ms);
    ASSERT_EQ(hours.OpenMs(from_ms, due_ms), wanted_ms);
    ASSERT_LE(due_ms, to_ms);
    ASSERT_TRUE(model.IsOpen(due_ms - 1)) << "there is an earlier one";
  }
}

}  // namespace
}  // namespace peakend::journey
