// What is planted has to be found, and what is not has to be left alone.
#include "processors/calibration/discovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>
#include <set>

#include "tests/calibration/generated_journeys.h"

namespace peakend::calibration {
namespace {

constexpr uint64_t kSeeds = 200;

std::vector<Planted> Plan() {
  std::vector<Planted> plan = {
      {"cause:hold", -0.12, 0}, {"cause:followed_up", 0, 0.12}, {"touchpoint:pay", -0.1, 0.1}};
  for (int i = 0; i < 12; ++i) plan.push_back({absl::StrCat("cause:idle", i), 0, 0});
  return plan;
}

const Factor& Of(const Discovery& discovery, const std::string& name) {
  for (const Factor& factor : discovery.factors) {
    if (factor.name == name) return factor;
  }
  ADD_FAILURE() << "no factor " << name;
  return discovery.factors.front();
}

// What two hundred discoveries found, and what they ought to have found.
struct Tally {
  int planted = 0;
  int right = 0;
  int wrong = 0;
  int covered = 0;
  int classes = 0;

  void Take(const Effect& effect, double truth) {
    if (truth != 0) ++planted;
    if (effect.found) ++(truth != 0 ? right : wrong);
    if (effect.interval.low <= truth && truth <= effect.interval.high) ++covered;
  }
  double power() const { return static_cast<double>(right) / planted; }
  double false_share() const { return static_cast<double>(wrong) / std::max(1, right + wrong); }
};

TEST(Discovery, FindsWhatIsPlantedAndLittleElse) {
  Tally tally;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Discovery discovery = Discover(JourneyMaker(seed).WithFactors(Plan(), 1500), {});
    for (const Planted& planted : Plan()) {
      const Factor& factor = Of(discovery, planted.factor);
      tally.Take(factor.penalty, planted.penalty);
      tally.Take(factor.reward, planted.reward);
    }
    tally.classes += Of(discovery, "cause:hold").kano == Class::kBasic ? 1 : 0;
    tally.classes += Of(discovery, "cause:followed_up").kano == Class::kExcitement ? 1 : 0;
    tally.classes += Of(discovery, "touchpoint:pay").kano == Class::kPerformance ? 1 : 0;
  }
  const double covered = static_cast<double>(tally.covered) / (kSeeds * 30.0);
  const double classes = static_cast<double>(tally.classes) / (kSeeds * 3.0);
  std::cout << kSeeds << " seeds: power " << tally.power() << ", false discoveries "
            << tally.false_share() << ", intervals that hold the truth " << covered
            << ", classes right " << classes << "\n";
  EXPECT_GE(tally.power(), 0.9);
  EXPECT_LE(tally.false_share(), 0.07);
  EXPECT_GE(covered, 0.9);
  EXPECT_GE(classes, 0.8);
}

TEST(Discovery, WhereNothingIsPlantedHardlyAnyoneFindsAnything) {
  int found = 0;
  std::vector<Planted> plan;
  for (int i = 0; i < 15; ++i) plan.push_back({absl::StrCat("cause:idle", i), 0, 0});
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Discovery discovery = Discover(JourneyMaker(seed).WithFactors(plan, 600), {});
    found += std::any_of(discovery.factors.begin(), discovery.factors.end(),
                         [](const Factor& f) { return f.penalty.found || f.reward.found; });
  }
  std::cout << found << " of " << kSeeds << " found something\n";
  EXPECT_LE(found, kSeeds / 10);
}

TEST(Discovery, WhatSeldomHappensIsNotJudged) {
  RatedJourneys journeys = JourneyMaker(1).WithFactors(Plan(), 400);
  for (size_t i = 0; i < 29; ++i) journeys[i].experiences.push_back({"cause:dropped", -1});
  const Discovery discovery = Discover(journeys, {});
  const Factor& dropped = Of(discovery, "cause:dropped");
  EXPECT_EQ(dropped.penalty.journeys, 29);
  EXPECT_FALSE(dropped.penalty.judged);
  EXPECT_EQ(dropped.penalty.outcome, 0);
  EXPECT_EQ(dropped.kano, std::nullopt);
}

TEST(Discovery, TheLargestEffectComesFirst) {
  const Discovery discovery = Discover(
      JourneyMaker(1).WithFactors({{"a", 0, 0.05}, {"b", -0.3, 0}, {"c", -0.1, 0}}, 2000), {});
  EXPECT_EQ(discovery.factors.front().name, "b");
  EXPECT_GT(discovery.r_squared, 0.1);
}

TEST(Discovery, RefusesWhatSaysNothing) {
  RatedJourneys journeys = JourneyMaker(1).WithFactors(Plan(), 200);
  const Discovery discovery = Discover(journeys, {});
  EXPECT_TRUE(discovery.sample.refused());
  EXPECT_TRUE(discovery.factors.empty());
}

}  // namespace
}  // namespace peakend::calibration
