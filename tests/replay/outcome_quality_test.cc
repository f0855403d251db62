// What alerts foretell: small sets of journeys whose figures can be told by hand.
#include "processors/replay/outcome_quality.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace peakend::replay {
namespace {

using ::testing::DoubleEq;
using ::testing::HasSubstr;
using ::testing::Optional;

// Journey number n lasts from n * 1000 to n * 1000 + 100 ms.
RatedJourney Rated(int number, double rating) {
  RatedJourney journey;
  journey.tenant_id = "t";
  journey.customer_id = "p" + std::to_string(number);
  journey.journey_id = "j" + std::to_string(number);
  journey.contact_ids = {"c"};
  journey.started_at_ms = number * 1000;
  journey.ended_at_ms = number * 1000 + 100;
  journey.rating = rating;
  return journey;
}

RaisedAlert Raised(int number, int64_t after_ms, bool interrupts = true) {
  RaisedAlert alert;
  alert.tenant_id = "t";
  alert.customer_id = "p" + std::to_string(number);
  alert.contact_id = "c";
  alert.occurred_at_ms = number * 1000 + after_ms;
  alert.urgency = interrupts ? v1::Alert::INTERRUPT : v1::Alert::LIST;
  return alert;
}

// 40 journeys, of which the first ten were bad.
std::vector<RatedJourney> Forty() {
  std::vector<RatedJourney> journeys;
  for (int i = 0; i < 40; ++i) journeys.push_back(Rated(i, i < 10 ? 0.25 : 1));
  return journeys;
}

struct ThirdCase {
  std::vector<double> ratings;
  std::optional<double> bad_below;
};

TEST(OutcomeQualityTest, TheLowestThirdIsTheShareThatComesClosest) {
  const std::vector<ThirdCase> cases = {
      {{}, std::nullopt},
      {{0.5}, std::nullopt},
      {{0.5, 0.5, 0.5}, std::nullopt},
      {{0, 1}, 1.0},
      {{0, 0.5, 1}, 0.5},
      {{0, 0, 0, 0, 1}, 1.0},
      {{1, 0.25, 0.5, 0.75}, 0.5},
      {{0, 0, 0.5, 1, 1, 1}, 0.5},
      {{0, 0.2, 0.4, 0.6, 0.8, 1}, 0.4},
  };
  for (const ThirdCase& example : cases) {
    std::vector<RatedJourney> journeys;
    for (const double rating : example.ratings) journeys.push_back(Rated(0, rating));
    EXPECT_EQ(LowestThird(journeys), example.bad_below)
        << ::testing::PrintToString(example.ratings);
  }
}

TEST(OutcomeQualityTest, CountsWhatWasForetold) {
  const std::vector<RaisedAlert> alerts = {
      Raised(0, 20),        Raised(0, 10),                 // the first one counts
      Raised(1, 50, false), Raised(2, 90), Raised(20, 0),  // of a good journey
  };
  const v1::OutcomeQuality quality = RateForecasts(Forty(), alerts, 0.5);
  EXPECT_EQ(quality.rated_journeys(), 40);
  EXPECT_EQ(quality.bad_journeys(), 10);
  EXPECT_EQ(quality.no_figures(), "");
  EXPECT_EQ(quality.all().alerted(), 4);
  EXPECT_EQ(quality.all().foretold(), 3);
  EXPECT_DOUBLE_EQ(quality.all().precision().value(), 0.75);
  EXPECT_DOUBLE_EQ(quality.all().recall().value(), 0.3);
  EXPECT_DOUBLE_EQ(quality.all().lead().value(), 0.5);
  EXPECT_DOUBLE_EQ(quality.interrupts().precision().value(), 2.0 / 3);
  EXPECT_DOUBLE_EQ(quality.interrupts().recall().value(), 0.2);
  EXPECT_DOUBLE_EQ(quality.interrupts().lead().value(), 0.1);  // of 0.1 and 0.9 the smaller
}

TEST(OutcomeQualityTest, BoundsHoldTheValueAndAreTheSameEachTime) {
  std::vector<RaisedAlert> alerts;
  for (int i = 5; i < 15; ++i) alerts.push_back(Raised(i, 10 * i));
  const v1::OutcomeQuality quality = RateForecasts(Forty(), alerts, 0.5);
  for (const v1::Estimate* estimate :
       {&quality.all().precision(), &quality.all().recall(), &quality.all().lead()}) {
    EXPECT_LT(estimate->low(), estimate->value());
    EXPECT_GT(estimate->high(), estimate->value());
  }
  // Half of ten: a binomial share has its 95 % between about 0.19 and 0.81.
  EXPECT_NEAR(quality.all().precision().low(), 0.19, 0.06);
  EXPECT_NEAR(quality.all().precision().high(), 0.81, 0.06);
  std::vector<RatedJourney> reversed = Forty();
  std::reverse(reversed.begin(), reversed.end());
  EXPECT_EQ(RateForecasts(reversed, alerts, 0.5).SerializeAsString(), quality.SerializeAsString());
}

TEST(OutcomeQualityTest, WhatComesTooLateOrIsGoodForetellsNothing) {
  std::vector<RatedJourney> journeys = Forty();
  for (RatedJourney& journey : journeys) journey.answered_at_ms = journey.started_at_ms + 50;
  std::vector<RaisedAlert> alerts = {Raised(0, 49), Raised(1, 50), Raised(2, 10)};
  alerts[2].about_good = true;
  EXPECT_EQ(RateForecasts(journeys, alerts, 0.5).all().alerted(), 1);
}

TEST(OutcomeQualityTest, NothingToDivideByGivesNoFigure) {
  const v1::OutcomeQuality quality = RateForecasts(Forty(), {}, 0.5);
  EXPECT_FALSE(quality.all().has_precision());
  EXPECT_FALSE(quality.all().has_lead());
  EXPECT_DOUBLE_EQ(quality.all().recall().value(), 0);
}

TEST(OutcomeQualityTest, TooFewOrEqualRatingsGiveNoFigures) {
  std::vector<RatedJourney> journeys = Forty();
  EXPECT_THAT(RateForecasts(journeys, {}, 0.1).no_figures(), HasSubstr("none of the 40"));
  EXPECT_THAT(RateForecasts(journeys, {}, 2.0).no_figures(), HasSubstr("all of the 40"));
  EXPECT_THAT(RateForecasts(journeys, {}, std::nullopt).no_figures(), HasSubstr("are the same"));
  journeys.resize(29);
  const v1::OutcomeQuality few = RateForecasts(journeys, {}, 0.5);
  EXPECT_EQ(few.no_figures(), "29 rated journeys are too few, 30 are needed");
  EXPECT_FALSE(few.has_all());
  journeys.push_back(Rated(30, 1));
  EXPECT_EQ(RateForecasts(journeys, {}, 0.5).no_figures(), "");
}

TEST(OutcomeQualityTest, AnAlertBelongsToTheNewestJourneyWithItsContact) {
  std::vector<RatedJourney> journeys = Forty();
  // The customer's second journey, with a contact of the same name, was good.
  RatedJourney second = Rated(60, 1);
  second.customer_id = "p0";
  journeys.push_back(second);
  RaisedAlert alert = Raised(60, 10);
  alert.customer_id = "p0";
  EXPECT_EQ(RateForecasts(journeys, {alert}, 0.5).all().foretold(), 0);
  alert.occurred_at_ms = 500;  // long before it
  EXPECT_EQ(RateForecasts(journeys, {alert}, 0.5).all().foretold(), 1);
  alert.contact_id = "of no journey";
  EXPECT_EQ(RateForecasts(journeys, {alert}, 0.5).all().alerted(), 0);
  alert.journey_id = "j3";
  EXPECT_EQ(RateForecasts(journeys, {alert}, 0.5).all().foretold(), 1);
}

}  // namespace
}  // namespace peakend::replay
