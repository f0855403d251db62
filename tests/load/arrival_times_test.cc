#include "benchmarks/load/arrival_times.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "benchmarks/load/contact_plan.h"
#include "benchmarks/load/profile.h"

namespace peakend::load {
namespace {

constexpr int64_t kHourUs = 3600 * kSecondUs;

v1::LoadArrivals Arrivals(const std::string& yaml) {
  auto profile = ReadProfile("test.yaml", "arrivals: {" + yaml + "}");
  EXPECT_TRUE(profile.ok());
  return profile.value().arrivals();
}

// How many come in each piece of that length.
std::vector<int> Counts(const v1::LoadArrivals& arrivals, double per_second, int64_t piece_us,
                        size_t pieces, uint64_t seed = 5) {
  ArrivalTimes times(arrivals, per_second, seed, 0);
  std::vector<int> counts(pieces);
  int64_t before = 0;
  for (int64_t at = times.Next(); at < piece_us * static_cast<int64_t>(pieces); at = times.Next()) {
    EXPECT_GT(at, before);
    before = at;
    ++counts[static_cast<size_t>(at / piece_us)];
  }
  return counts;
}

TEST(ArrivalTimesTest, FlatIsAPoissonProcess) {
  // Counts of seconds have the variance of their mean: dispersion is chi-square.
  const size_t seconds = 4000;
  const std::vector<int> counts = Counts(Arrivals("shape: flat"), 20, kSecondUs, seconds);
  double chi_square = 0;
  for (const int count : counts) chi_square += (count - 20.0) * (count - 20.0) / 20;
  EXPECT_NEAR(chi_square, seconds, 4 * std::sqrt(2.0 * seconds));
}

TEST(ArrivalTimesTest, ADayHasTwoHumpsAndItsAverage) {
  const std::vector<int> hours =
      Counts(Arrivals("shape: office_day, first_hour: 0"), 10, kHourUs, 24);
  int all = 0;
  for (const int hour : hours) all += hour;
  EXPECT_NEAR(all, 864'000, 5'000);
  EXPECT_GT(hours[10], 2 * hours[7]);
  EXPECT_GT(hours[14], hours[12]);
  EXPECT_LT(hours[3], hours[10] / 20);
  EXPECT_NEAR(hours[10] / 36'000.0, BusiestHour(Arrivals("shape: office_day")), 0.05);
}

TEST(ArrivalTimesTest, TheLoadBeginsAtItsHour) {
  const std::vector<int> from_ten =
      Counts(Arrivals("shape: office_day, first_hour: 10"), 10, kHourUs, 1);
  const std::vector<int> from_three =
      Counts(Arrivals("shape: office_day, first_hour: 3"), 10, kHourUs, 1);
  EXPECT_GT(from_ten[0], 20 * from_three[0]);
}

TEST(ArrivalTimesTest, ASurgeIsWhereItShouldBe) {
  const std::vector<int> minutes =
      Counts(Arrivals("shape: surge, surge_factor: 10, surge_at: 2m, surge_length: 60s"), 50,
             60 * kSecondUs, 5);
  for (const size_t minute : {0, 1, 3, 4}) EXPECT_NEAR(minutes[minute], 3'000, 250) << minute;
  EXPECT_NEAR(minutes[2], 30'000, 700);
}

TEST(ArrivalTimesTest, SquareIsTheLastQuarterOfEachHour) {
  const std::vector<int> quarters =
      Counts(Arrivals("shape: square, surge_factor: 4"), 5, kHourUs / 4, 8);
  for (size_t i = 0; i < 8; ++i) EXPECT_NEAR(quarters[i], i % 4 == 3 ? 18'000 : 4'500, 700) << i;
}

TEST(ArrivalTimesTest, IncidentsComeAsOftenAsTheyShould) {
  const v1::LoadArrivals arrivals =
      Arrivals("incidents_per_day: 10, incident_factor: 5, incident_length: 10m");
  ArrivalTimes times(arrivals, 0.5, 1, 0);
  int64_t incidents = 0;
  int64_t inside = 0;
  int64_t all = 0;
  bool before = false;
  constexpr int64_t kDays = 60;
  while (times.Next() < kDays * 24 * kHourUs) {
    ++all;
    inside += times.in_incident() ? 1 : 0;
    incidents += times.in_incident() && !before ? 1 : 0;
    before = times.in_incident();
  }
  // A renewal process: the next one begins after the last one's end.
  EXPECT_NEAR(static_cast<double>(incidents), kDays * 10 / (1 + 10.0 / 144), 100);
  const double share = 10.0 / (144 + 10);  // of the time
  EXPECT_NEAR(static_cast<double>(inside) / static_cast<double>(all),
              share * 5 / (share * 5 + 1 - share), 0.05);
}

TEST(ArrivalTimesTest, DaysDifferAsTheyShould) {
  const v1::LoadArrivals arrivals = Arrivals("busyness_cv: 0.3, half_hour_correlation: 0.7");
  const std::vector<int> days = Counts(arrivals, 0.2, 24 * kHourUs, 300);
  double sum = 0;
  double squares = 0;
  for (const int day : days) {
    sum += day;
    squares += static_cast<double>(day) * day;
  }
  const double mean = sum / 300;
  const double cv = std::sqrt(squares / 300 - mean * mean) / mean;
  EXPECT_NEAR(mean, 17'280, 1'200);
  EXPECT_NEAR(cv, 0.31, 0.05);
}

TEST(ArrivalTimesTest, AnotherSeedIsAnotherLoad) {
  EXPECT_NE(Counts(Arrivals("shape: flat"), 20, kSecondUs, 100, 1),
            Counts(Arrivals("shape: flat"), 20, kSecondUs, 100, 2));
}

}  // namespace
}  // namespace peakend::load
