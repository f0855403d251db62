// What of a run's records is kept for a comparison.
#include "processors/replay/policy_trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace peakend::replay {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::SizeIs;

v1::Alert Alert(const std::string& id, int64_t version, int64_t at_ms) {
  v1::Alert alert;
  alert.set_alert_id(id);
  alert.set_row_version(version);
  alert.set_occurred_at_ms(at_ms);
  return alert;
}

v1::Journey Journey(const std::string& id, int64_t started_at_ms) {
  v1::Journey journey;
  journey.set_journey_id(id);
  journey.set_started_at_ms(started_at_ms);
  journey.set_survey_score(0.5);
  return journey;
}

v1::TouchpointStatistics Row(const std::string& id, int64_t start_ms, int64_t contacts) {
  v1::TouchpointStatistics row;
  row.set_row_id(id);
  row.set_window_start_ms(start_ms);
  row.set_contacts(contacts);
  return row;
}

TEST(PolicyTraceTest, KeepsAlertsAsTheyWereRaised) {
  PolicyTrace trace({10, 20});
  for (const auto& [id, version, at_ms] : {std::tuple("early", 1, 9),
                                           {"first", 1, 10},
                                           {"first", 2, 10},
                                           {"last", 1, 19},
                                           {"late", 1, 20}}) {
    trace.Take(Alert(id, version, at_ms));
  }
  EXPECT_THAT(trace.alerts(), ElementsAre(Field(&RaisedAlert::alert_id, "first"),
                                          Field(&RaisedAlert::alert_id, "last")));
}

TEST(PolicyTraceTest, OfAJourneyTheLastRowCounts) {
  PolicyTrace trace({10, 20});
  v1::Journey joined = Journey("joined", 11);
  trace.Take(joined);
  joined.set_is_deleted(true);
  trace.Take(joined);
  v1::Journey amended = Journey("amended", 12);
  amended.clear_survey_score();
  trace.Take(amended);
  trace.Take(Journey("amended", 12));
  trace.Take(Journey("before", 9));
  EXPECT_THAT(trace.RatedJourneys(), ElementsAre(Field(&RatedJourney::journey_id, "amended")));
}

TEST(PolicyTraceTest, AddsContactsUpByRow) {
  PolicyTrace trace({10, 20});
  trace.Take(Row("a", 10, 3));
  trace.Take(Row("a", 10, 5));
  trace.Take(Row("b", 15, 2));
  trace.Take(Row("c", 20, 9));
  EXPECT_EQ(trace.Contacts(), 7);
}

TEST(PolicyTraceTest, MoreThanTheBoundIsAnError) {
  PolicyTrace trace({}, 2);
  trace.Take(Alert("a", 1, 1));
  trace.Take(Alert("b", 1, 1));
  EXPECT_TRUE(trace.status().ok());
  trace.Take(Alert("c", 1, 1));
  EXPECT_EQ(trace.status().message(), "more than 2 alerts under one policy");
  EXPECT_THAT(trace.alerts(), SizeIs(2));
}

}  // namespace
}  // namespace peakend::replay
