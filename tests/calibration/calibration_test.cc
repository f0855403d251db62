#include "processors/calibration/calibration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "processors/calibration/correlation.h"
#include "tests/calibration/generated_journeys.h"

namespace peakend::calibration {
namespace {

using ::testing::Contains;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(Correlation, KnownValues) {
  EXPECT_NEAR(Pearson({1, 2, 3, 4}, {2, 4, 5, 9}), 0.964763821, 1e-9);
  EXPECT_THAT(Ranks({3, 1, 3, 2}), ElementsAre(3.5, 1, 3.5, 2));
  EXPECT_NEAR(Spearman({1, 2, 3, 4}, {1, 8, 27, 10}), 0.8, 1e-12);
}

TEST(Correlation, WhatDoesNotVaryGoesAlongWithNothing) {
  EXPECT_EQ(Pearson({1, 1, 1}, {1, 2, 3}), 0);
  EXPECT_EQ(Spearman({}, {}), 0);
}

TEST(LeastSquares, FindsALineAndItsErrors) {
  Observations observations(1);
  const double noise[] = {0.1, -0.1, 0.2, -0.2, 0.0};
  for (int i = 0; i < 5; ++i) observations.Add({static_cast<double>(i)}, 1 + 2 * i + noise[i]);
  const Line line = Fit(observations);
  EXPECT_NEAR(line.intercept, 1.06, 1e-12);
  EXPECT_THAT(line.slopes, ElementsAre(DoubleNear(1.97, 1e-12)));
  // Distance from the middle x residual / (1 - leverage), leverages 0.6, 0.3, 0.2, 0.3, 0.6.
  const double expected = std::sqrt(std::pow(2 * 0.04 / 0.4, 2) + std::pow(0.13 / 0.7, 2) +
                                    std::pow(0.17 / 0.7, 2) + std::pow(2 * 0.06 / 0.4, 2)) /
                          10;
  EXPECT_THAT(line.errors, ElementsAre(DoubleNear(expected, 1e-9)));
}

TEST(LeastSquares, ARegressorTwiceIsNoHarm) {
  Observations observations(2);
  for (int i = 0; i < 10; ++i) {
    const auto x = static_cast<double>(i);
    observations.Add({x, x}, 3 * x);
  }
  EXPECT_NEAR(Fit(observations).At({2, 2}), 6, 1e-6);
}

TEST(LeastSquares, TooFewRowsGiveTheMean) {
  Observations observations(3);
  observations.Add({1, 2, 3}, 4);
  observations.Add({3, 2, 1}, 6);
  const Line line = Fit(observations);
  EXPECT_EQ(line.intercept, 5);
  EXPECT_THAT(line.slopes, ElementsAre(0, 0, 0));
  EXPECT_EQ(Fit(Observations(1)).intercept, 0);
}

TEST(Resampling, ACustomerIsInOneFold) {
  const RatedJourneys journeys = JourneyMaker(1).WithParts(0.5, 0.5, 100);
  const std::vector<int> folds = FoldsOf(journeys, 5, 7);
  for (size_t i = 0; i < 100; i += 2) EXPECT_EQ(folds[i], folds[i + 1]);
  for (int fold = 0; fold < 5; ++fold) {
    EXPECT_EQ(std::count(folds.begin(), folds.end(), fold), 20);
  }
}

TEST(Resampling, AnIntervalHoldsTheMeanNineteenTimesOfTwenty) {
  int held = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    JourneyMaker maker(seed);
    std::vector<double> values;
    std::vector<std::vector<size_t>> groups;
    for (size_t i = 0; i < 200; ++i) {
      values.push_back(maker.Noise());
      groups.push_back({i});
    }
    const Interval interval = Bootstrap(groups, 200, seed, [&](absl::Span<const size_t> sample) {
      double sum = 0;
      for (const size_t i : sample) sum += values[i];
      return sum / static_cast<double>(sample.size());
    });
    held += interval.low < 0 && interval.high > 0 ? 1 : 0;
  }
  EXPECT_GE(held, 180);
  EXPECT_LE(held, 198);
}

TEST(Sample, RefusesBelowThreeHundred) {
  const RatedJourneys journeys = JourneyMaker(1).WithParts(0.5, 0.5, 299);
  EXPECT_THAT(Examine(journeys).findings, ElementsAre(Finding::kTooFew));
  const Calibration calibration = Calibrate(journeys, {}, {});
  EXPECT_TRUE(calibration.sample.refused());
  EXPECT_EQ(calibration.held_out, 0);
}

TEST(Sample, RefusesOneAnswer) {
  RatedJourneys journeys = JourneyMaker(1).WithParts(0.5, 0.5, 500);
  for (RatedJourney& journey : journeys) journey.outcome = 0.8;
  EXPECT_THAT(Examine(journeys).findings, ElementsAre(Finding::kOneClass));
}

TEST(Sample, WarnsOfExtremesOfSilenceAndOfWhoAnswers) {
  RatedJourneys journeys = JourneyMaker(1).WithParts(0.5, 0.5, 20000);
  int64_t rated = 0;
  for (RatedJourney& journey : journeys) {
    const bool answers = *journey.score < -0.5 && rated < 900;
    rated += answers ? 1 : 0;
    if (answers) {
      journey.outcome = *journey.outcome > 0.2 ? 1 : 0;
    } else {
      journey.outcome.reset();
    }
  }
  const Sample sample = Examine(journeys);
  EXPECT_FALSE(sample.refused());
  EXPECT_THAT(sample.findings,
              ElementsAre(Finding::kOnlyExtremes, Finding::kFewAnswer, Finding::kAnswerersDiffer));
  EXPECT_LT(sample.score_difference_interval.high, -0.5);
}

TEST(Calibration, FindsTheWeightsThatCustomersHave) {
  const Calibration calibration =
      Calibrate(JourneyMaker(2).WithParts(0.6, 0.4, 3000), {}, {.repeats = 200});
  EXPECT_THAT(calibration.sample.findings, IsEmpty());
  EXPECT_EQ(calibration.held_out, 3000);
  EXPECT_TRUE(calibration.by_folds);
  EXPECT_NEAR(calibration.worst_weight, 0.6, 0.1);
  EXPECT_TRUE(calibration.other_weights_pay());
  EXPECT_GT(calibration.weights.spearman, calibration.score.spearman);
  EXPECT_LT(calibration.weights.error, calibration.score.error);
}

TEST(Calibration, SaysThatOtherWeightsPayNothing) {
  const Calibration calibration =
      Calibrate(JourneyMaker(3).WithParts(0.1, 0.9, 2000), {}, {.repeats = 200});
  EXPECT_FALSE(calibration.other_weights_pay());
  EXPECT_NEAR(calibration.weights.gain, 0, 0.005);
  EXPECT_NEAR(calibration.map.intercept, 0.5, 0.02);
  EXPECT_NEAR(calibration.map.slopes[0], 0.45, 0.06) << "half of what is felt, cut off at the ends";
}

TEST(Calibration, JudgesOnlyWhatWasHeldOut) {
  // The same customers' weights in both would pay; here those of the judges are the shipped ones.
  const Calibration calibration =
      Calibrate(JourneyMaker(4).WithParts(0.9, 0.1, 1000),
                JourneyMaker(5).WithParts(0.1, 0.9, 1000), {.repeats = 200});
  EXPECT_FALSE(calibration.by_folds);
  EXPECT_LT(calibration.weights.gain_interval.high, 0);
  EXPECT_GT(calibration.worst_weight, 0.7);
}

TEST(Calibration, TheSameSeedSaysTheSame) {
  const RatedJourneys journeys = JourneyMaker(6).WithParts(0.5, 0.5, 400);
  const auto gain = [&](uint64_t seed) {
    return Calibrate(journeys, {}, {.seed = seed, .repeats = 100}).weights.gain_interval.low;
  };
  EXPECT_EQ(gain(1), gain(1));
  EXPECT_NE(gain(1), gain(2));
}

}  // namespace
}  // namespace peakend::calibration
