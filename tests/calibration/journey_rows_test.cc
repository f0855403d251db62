#include "processors/calibration/journey_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "processors/calibration/activity_outcome.h"

namespace peakend::calibration {
namespace {

using ::testing::ElementsAre;
using ::testing::FieldsAre;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;

v1::Journey Journey(const std::string& id, int64_t version, double score) {
  v1::Journey row;
  row.set_journey_id(id);
  row.set_row_version(version);
  row.set_tenant_id("acme");
  row.set_customer_id("c1");
  row.add_contact_ids("k1");
  row.add_contact_ids("k2");
  row.set_score(score);
  row.set_ended_at_ms(1000);
  return row;
}

v1::Moment End(const std::string& id, const std::string& cause, double valence) {
  v1::Moment row;
  row.set_moment_id(id);
  row.set_row_version(1);
  row.set_journey_id("j1");
  row.set_scope(v1::Moment::CONTACT);
  row.set_kind(v1::END);
  row.set_touchpoint_id("counter");
  row.set_valence(valence);
  v1::Evidence& evidence = *row.add_evidence();
  evidence.set_cause(cause);
  evidence.set_valence(valence);
  return row;
}

TEST(JourneyRows, TheNewestVersionStands) {
  JourneyRows rows;
  rows.Take(Journey("j1", 2, 0.5));
  rows.Take(Journey("j1", 1, -0.5));
  rows.Take(Journey("j2", 1, 0.1));
  v1::Journey gone = Journey("j2", 2, 0);
  gone.set_is_deleted(true);
  rows.Take(gone);
  const RatedJourneys journeys = rows.Collect({});
  ASSERT_THAT(journeys, SizeIs(1));
  EXPECT_THAT(journeys[0].score, Optional(0.5));
  EXPECT_EQ(journeys[0].customer, "acme/c1");
  EXPECT_EQ(journeys[0].outcome, std::nullopt);
}

TEST(JourneyRows, TheStrongestOfAFactorCountsAndTurnsAreNone) {
  JourneyRows rows;
  rows.Take(Journey("j1", 1, 0));
  rows.Take(End("m1", "hold", -0.2));
  rows.Take(End("m2", "hold", -0.6));
  rows.Take(End("m3", "turn", 0.9));
  v1::Moment abandoned = End("m4", "abandoned", 0);
  abandoned.mutable_evidence(0)->clear_valence();
  rows.Take(abandoned);
  EXPECT_THAT(rows.Collect({})[0].experiences,
              ElementsAre(FieldsAre("cause:abandoned", -1), FieldsAre("cause:hold", -0.6),
                          FieldsAre("touchpoint:counter", 0.9)));
}

TEST(JourneyRows, WhatWasSaidElsewhereComesBeforeTheSurvey) {
  JourneyRows rows;
  v1::Journey row = Journey("j1", 1, 0);
  row.set_survey_score(0.25);
  rows.Take(row);
  EXPECT_THAT(rows.Collect({})[0].outcome, Optional(0.25));
  EXPECT_THAT(rows.Collect({{"k1", 0.5}, {"k2", 0.75}})[0].outcome, Optional(0.75));
  EXPECT_THAT(rows.Collect({{"j1", 1}, {"k2", 0.75}})[0].outcome, Optional(1));
}

TEST(ActivityOutcome, CountsWithinItsTimeOnly) {
  const auto rate = [](ActivityOutcome outcome, std::vector<int64_t> at_ms, int64_t last_ms) {
    RatedJourneys journeys(1);
    journeys[0].customer = "acme/c1";
    journeys[0].ended_at_ms = 1000;
    journeys[0].outcome = 0.3;
    RateByActivities({{{"acme/c1", std::move(at_ms)}}, last_ms}, outcome, 500, journeys);
    return journeys[0].outcome;
  };
  EXPECT_THAT(rate(ActivityOutcome::kRepurchase, {1000, 1500}, 2000), Optional(1));
  EXPECT_THAT(rate(ActivityOutcome::kRepurchase, {1000, 1501}, 2000), Optional(0));
  EXPECT_THAT(rate(ActivityOutcome::kChurn, {1200}, 2000), Optional(0));
  EXPECT_THAT(rate(ActivityOutcome::kChurn, {}, 2000), Optional(1));
  EXPECT_EQ(rate(ActivityOutcome::kChurn, {1200}, 1499), std::nullopt)
      << "nobody knows what the rest of the time would have brought";
}

}  // namespace
}  // namespace peakend::calibration
