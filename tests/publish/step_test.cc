// One customer's events in, rows out: versions, joined journeys, withdrawn moments,
// and nothing that a customer said.
#include "processors/publish/step.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "processors/journey/event_facts.h"
#include "tests/durations.h"
#include "tests/publish/one_rule_policy.h"
#include "tests/publish/read_outputs.h"

namespace peakend::publish {
namespace {

journey::EventFacts FactsOf(const v1::InteractionEvent& event) {
  return journey::ReadFacts(ingest::ViewOf(event));
}

v1::InteractionEvent Event(const std::string& id, int64_t at_ms, const std::string& contact) {
  v1::InteractionEvent event;
  event.set_event_id(id);
  event.set_source("test");
  event.set_tenant_id("acme");
  event.set_occurred_at_ms(at_ms);
  event.mutable_customer()->set_customer_id("c1");
  event.mutable_contact()->set_contact_id(contact);
  event.set_channel(v1::CHANNEL_CHAT);
  return event;
}

v1::InteractionEvent Turn(const std::string& id, int64_t at_ms, double valence,
                          const std::string& contact = "k") {
  v1::InteractionEvent event = Event(id, at_ms, contact);
  event.mutable_turn()->set_role(v1::Turn::CUSTOMER);
  event.mutable_turn()->mutable_sentiment()->set_score(valence);
  return event;
}

v1::InteractionEvent Lifecycle(const std::string& id, int64_t at_ms, v1::Lifecycle::State state,
                               const std::string& contact = "k") {
  v1::InteractionEvent event = Event(id, at_ms, contact);
  event.mutable_lifecycle()->set_state(state);
  return event;
}

class StepTest : public testing::Test {
 protected:
  void Apply(const v1::InteractionEvent& event, int64_t watermark_ms = 0) {
    StepContext context = ContextAt(watermark_ms);
    context.late = event.occurred_at_ms() < watermark_ms - policy_.windows.allowed_lateness_ms;
    step_.Apply(customer_, FactsOf(event), context, outputs_, counts_);
  }
  void WakeAt(int64_t watermark_ms) {
    step_.Wake(customer_, ContextAt(watermark_ms), outputs_, counts_);
  }
  template <typename Message>
  std::vector<Message> Read(Topic topic) {
    return ReadOutputs<Message>(outputs_, topic);
  }
  std::vector<v1::Journey> Journeys() { return Read<v1::Journey>(Topic::kJourneys); }
  std::vector<v1::Moment> Moments() { return Read<v1::Moment>(Topic::kMoments); }
  std::vector<v1::Alert> Alerts() { return Read<v1::Alert>(Topic::kAlerts); }

  StepContext ContextAt(int64_t watermark_ms) {
    return {watermark_ms, watermark_ms, "events", 3, ++offset_};
  }

  const Policy policy_ = OneRulePolicy();
  Step step_{policy_, std::pmr::get_default_resource()};
  CustomerState customer_{"acme", "c1"};
  OutputBatch outputs_;
  StepCounts counts_;
  int64_t offset_ = 0;
};

TEST_F(StepTest, AJourneyRowIsWrittenWhenTheGapHasPassed) {
  Apply(Turn("e", 1000, 0.5));
  WakeAt(1000 + 3 * kDay);
  EXPECT_TRUE(Journeys().empty());
  WakeAt(1001 + 3 * kDay);
  ASSERT_EQ(Journeys().size(), 1U);
  EXPECT_EQ(Journeys()[0].row_version(), 1);
  WakeAt(1002 + 3 * kDay);
  EXPECT_EQ(Journeys().size(), 1U) << "nothing new to say";
  EXPECT_EQ(counts_.journeys_closed, 1);
}

TEST_F(StepTest, AnEndIsProvisionalUntilTheRepeatWindowHasPassed) {
  Apply(Turn("e", 1000, 0.5));
  WakeAt(1001 + 3 * kDay);
  WakeAt(1000 + 7 * kDay);
  ASSERT_EQ(Journeys().size(), 1U);
  EXPECT_EQ(Journeys()[0].end_grade(), v1::JOURNEY_END_PROVISIONAL);
  const size_t moments = Moments().size();
  WakeAt(1001 + 7 * kDay);
  ASSERT_EQ(Journeys().size(), 2U);
  EXPECT_EQ(Journeys()[1].end_grade(), v1::JOURNEY_END_FINAL);
  EXPECT_EQ(counts_.journeys_closed, 1);
  ASSERT_EQ(Moments().size(), moments + 1) << "of the moments only the end has a grade";
  EXPECT_EQ(Moments().back().kind(), v1::END);
  EXPECT_EQ(Moments().back().end_grade(), v1::JOURNEY_END_FINAL);
}

TEST_F(StepTest, WhatComesTooLateToBeNewsAmendsAndRaisesNothing) {
  Apply(Turn("e", 1000, 0.5));
  WakeAt(1001 + 7 * kDay);
  Apply(Turn("late", 2000, -0.9), 8 * kDay);
  ASSERT_EQ(Journeys().size(), 2U);
  EXPECT_EQ(Journeys()[1].count(), 2);
  EXPECT_EQ(Journeys()[1].row_version(), 2);
  EXPECT_EQ(Journeys()[1].end_grade(), v1::JOURNEY_END_FINAL);
  EXPECT_TRUE(Read<v1::Alert>(Topic::kAlerts).empty());
}

TEST_F(StepTest, AnAmendedJourneyIsTheNextVersionOfTheSameRow) {
  Apply(Turn("e1", 1000, 0.5));
  WakeAt(1001 + 3 * kDay);
  Apply(Turn("e2", 1500, -0.5), 1001 + 3 * kDay);
  WakeAt(1501 + 3 * kDay);
  const auto rows = Journeys();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].journey_id(), rows[0].journey_id());
  EXPECT_EQ(rows[1].row_version(), 2);
  EXPECT_EQ(rows[1].count(), 2);
  EXPECT_EQ(counts_.journeys_closed, 1);
}

TEST_F(StepTest, AnEarlierEventGivesTheJourneyANewIdAndEndsTheOldOne) {
  Apply(Turn("e2", 5000, 0.5));
  WakeAt(5001 + 3 * kDay);
  const std::string old_id = Journeys().at(0).journey_id();
  Apply(Turn("e1", 4000, -0.5), 5001 + 3 * kDay);
  std::map<std::string, v1::Journey> newest;
  for (const v1::Journey& row : Journeys()) newest[row.journey_id()] = row;
  ASSERT_EQ(newest.size(), 2U);
  const v1::Journey old = newest[old_id];
  newest.erase(old_id);
  EXPECT_TRUE(old.is_deleted());
  EXPECT_EQ(old.row_version(), 2);
  EXPECT_EQ(old.superseded_by(), newest.begin()->first);
  EXPECT_FALSE(newest.begin()->second.is_deleted());
  EXPECT_EQ(newest.begin()->second.row_version(), 1);
}

TEST_F(StepTest, ABridgedJourneyIsNamedByTheOneThatTakesIt) {
  const int64_t second = 5 * kDay;
  Apply(Turn("e1", 1000, 0.5, "k1"), 0);
  Apply(Turn("e2", second, 0.5, "k2"), 0);
  // Both end, neither is settled: the lateness allowed here is large.
  Policy policy = OneRulePolicy();
  policy.windows.allowed_lateness_ms = 10 * kDay;
  Step step(policy, std::pmr::get_default_resource());
  const int64_t later = second + 3 * kDay + 1;
  step.Wake(customer_, ContextAt(later), outputs_, counts_);
  ASSERT_EQ(Journeys().size(), 2U);
  const std::string first_id = Journeys()[0].journey_id();
  const std::string second_id = Journeys()[1].journey_id();
  EXPECT_EQ(Journeys()[1].previous_journey_id(), first_id);
  step.Apply(customer_, FactsOf(Turn("e3", 5 * kDay / 2, 0, "k3")), ContextAt(later), outputs_,
             counts_);
  std::map<std::string, v1::Journey> newest;
  for (const v1::Journey& row : Journeys()) newest[row.journey_id()] = row;
  ASSERT_EQ(newest.size(), 2U);
  EXPECT_TRUE(newest[second_id].is_deleted());
  EXPECT_EQ(newest[second_id].superseded_by(), first_id);
  EXPECT_EQ(newest[first_id].count(), 3);
  EXPECT_EQ(newest[first_id].row_version(), 2);
  EXPECT_EQ(newest[first_id].contact_ids_size(), 3);
}

TEST_F(StepTest, MomentsOfAContactThatIsGoneAreWithdrawn) {
  Apply(Turn("e1", 1000, -0.9, ""));
  Apply(Turn("e2", 1000 + 50 * kMinute, 0.9, ""));
  WakeAt(1001 + 80 * kMinute);
  std::set<std::string> before;
  for (const v1::Moment& row : Moments()) before.insert(row.moment_id());
  ASSERT_FALSE(before.empty());
  Apply(Turn("e3", 1000 + 25 * kMinute, 0, ""), 1001 + 80 * kMinute);
  std::map<std::string, v1::Moment> newest;
  for (const v1::Moment& row : Moments()) {
    EXPECT_EQ(row.row_version(), newest[row.moment_id()].row_version() + 1);
    newest[row.moment_id()] = row;
  }
  int withdrawn = 0;
  int ends = 0;
  for (const auto& [id, row] : newest) {
    withdrawn += row.is_deleted() ? 1 : 0;
    if (!row.is_deleted() && row.kind() == v1::END) ++ends;
  }
  EXPECT_GT(withdrawn, 0);
  EXPECT_EQ(ends, 1) << "two contacts became one";
}

TEST_F(StepTest, ASettledCustomerIsClosedAndRemembersTheJourney) {
  Apply(Turn("e", 1000, 0.5));
  WakeAt(1000 + 14 * kDay + 60 * kMinute);
  EXPECT_NE(customer_.packed(), nullptr);
  WakeAt(1001 + 14 * kDay + 60 * kMinute);
  EXPECT_TRUE(customer_.idle());
  ASSERT_EQ(Journeys().size(), 1U);
  Apply(Turn("f", 20 * kDay, 0.5), 20 * kDay);
  WakeAt(30 * kDay);
  EXPECT_EQ(Journeys().at(1).previous_journey_id(), Journeys().at(0).journey_id());
}

TEST_F(StepTest, AJourneyRowIsComplete) {
  v1::InteractionEvent queued = Lifecycle("e1", 1000, v1::Lifecycle::QUEUED, "call");
  queued.mutable_queue()->set_id("billing");
  queued.set_channel(v1::CHANNEL_VOICE);
  Apply(queued);
  Apply(Lifecycle("e2", 9000, v1::Lifecycle::CONNECTED, "call"));
  Apply(Turn("e3", 10'000, -0.9, "call"));
  Apply(Turn("e4", 11'000, 0.5, "call"));
  Apply(Turn("e5", 12'000, 0.8, "chat"));
  Apply(Lifecycle("e6", 13'000, v1::Lifecycle::RESOLVED, "chat"));
  v1::InteractionEvent survey = Event("e7", 20'000, "chat");
  survey.mutable_survey()->set_status(v1::Survey::ANSWERED);
  survey.mutable_survey()->set_kind(v1::Survey::CSAT);
  survey.mutable_survey()->set_raw(4);
  survey.mutable_survey()->set_raw_min(1);
  survey.mutable_survey()->set_raw_max(5);
  Apply(survey);
  WakeAt(13'001 + 3 * kDay);
  ASSERT_EQ(Journeys().size(), 1U);
  const v1::Journey row = Journeys()[0];
  EXPECT_EQ(row.tenant_id(), "acme");
  EXPECT_EQ(row.customer_id(), "c1");
  EXPECT_EQ(row.started_at_ms(), 1000);
  EXPECT_EQ(row.ended_at_ms(), 13'000);
  EXPECT_EQ(row.duration_ms(), 12'000);
  EXPECT_EQ(row.end_grade(), v1::JOURNEY_END_PROVISIONAL);
  ASSERT_EQ(row.contact_ids_size(), 2);
  EXPECT_EQ(row.contact_ids(0), "call");
  ASSERT_EQ(row.channels_size(), 2);
  EXPECT_EQ(row.channels(0), "voice");
  EXPECT_EQ(row.channels(1), "chat");
  EXPECT_EQ(row.event_count(), 6) << "the survey is none of them";
  EXPECT_EQ(row.count(), 5) << "three turns, a wait of 8 s and a recovery";
  EXPECT_EQ(row.count_affect(), 3);
  EXPECT_FALSE(row.thin());
  EXPECT_NEAR(row.opening(), -0.1 / 3, 1e-9);
  EXPECT_NEAR(row.peak_positive(), 0.8, 1e-9);
  EXPECT_NEAR(row.peak_negative(), -0.9, 1e-9);
  EXPECT_NEAR(row.worst(), -0.9, 1e-9);
  EXPECT_NEAR(row.last(), 0.45, 1e-9);
  EXPECT_NEAR(row.mean(), 1.15 / 5, 1e-9);
  EXPECT_NEAR(row.gap_responsiveness(), 0.3, 1e-9);
  EXPECT_FALSE(row.has_gap_reliability());
  EXPECT_NEAR(row.score(), 0.1 * row.worst() + 0.9 * row.tail(), 2e-9);
  EXPECT_NEAR(row.remembered_minus_mean(), row.score() - row.mean(), 2e-9);
  EXPECT_NEAR(row.trend(), row.end() - row.opening(), 2e-9);
  EXPECT_TRUE(row.has_strain());
  EXPECT_FALSE(row.has_arrival());
  EXPECT_EQ(row.formula(), "experience");
  EXPECT_NEAR(row.survey_score(), 0.75, 1e-9);
  EXPECT_EQ(row.survey_kind(), "CSAT");
  EXPECT_EQ(row.survey_at_ms(), 20'000);
  EXPECT_EQ(row.policy_version(), "test@1+00000000");
  ASSERT_EQ(row.evidence_size(), 6);
  EXPECT_EQ(row.evidence(0).event_id(), "e2");
  EXPECT_EQ(row.evidence(0).cause(), "queue_wait");
  EXPECT_EQ(row.evidence(1).event_id(), "e3");
  EXPECT_EQ(row.evidence(4).event_id(), "e6");
  EXPECT_EQ(row.evidence(4).cause(), "recovered");
  EXPECT_EQ(row.evidence(5).event_id(), "e6");
  EXPECT_EQ(row.evidence(5).cause(), "resolved");
  EXPECT_EQ(row.truncated_size(), 0);
  EXPECT_EQ(row.source().topic(), "events");
  EXPECT_EQ(row.source().partition(), 3);
}

TEST_F(StepTest, AnAlertNamesWhatItIsAbout) {
  v1::InteractionEvent event = Turn("e", 1000, -0.9);
  event.mutable_queue()->set_id("billing");
  event.mutable_agent()->set_id("a7");
  Apply(event);
  ASSERT_EQ(Alerts().size(), 1U);
  const v1::Alert alert = Alerts()[0];
  EXPECT_EQ(alert.dedupe_key(), "acme/c1/" + alert.journey_id() + "/negative_peak/PEAK_NEGATIVE");
  EXPECT_EQ(outputs_[0].key, alert.alert_id());
  EXPECT_EQ(alert.row_version(), 1);
  EXPECT_EQ(alert.state(), v1::Alert::OPEN);
  EXPECT_EQ(alert.reason(), "raised");
  EXPECT_EQ(alert.queue_id(), "billing");
  EXPECT_EQ(alert.agent_id(), "a7");
  EXPECT_EQ(alert.channel(), "chat");
  EXPECT_EQ(alert.evidence(0).event_id(), "e");
  EXPECT_DOUBLE_EQ(alert.evidence(0).valence(), -0.9);
  EXPECT_EQ(alert.message_params().at("valence"), "-0.90");
  EXPECT_EQ(alert.policy_version(), "test@1+00000000");
  EXPECT_TRUE(alert.score().thin());
}

// What a customer says must never leave: not in rows, alerts, keys or parameters.
TEST(StepTextTest, NothingThatACustomerSaidIsWritten) {
  EXPECT_TRUE(rc::check([] {
    const Policy policy = OneRulePolicy();
    Step step(policy, std::pmr::get_default_resource());
    CustomerState customer("acme", "c1");
    OutputBatch outputs;
    StepCounts counts;
    const std::string secret =
        "~" + *rc::gen::container<std::string>(8, rc::gen::inRange('a', 'z')) + "~";
    const int events = *rc::gen::inRange(1, 12);
    for (int i = 0; i < events; ++i) {
      v1::InteractionEvent event =
          Turn("e" + std::to_string(i), 1000 * i, *rc::gen::inRange(-10, 11) / 10.0);
      event.mutable_turn()->set_text(secret);
      event.mutable_turn()->mutable_sentiment()->set_producer(secret);
      if (i > 0 && *rc::gen::inRange(0, 4) == 0) {
        event.mutable_survey()->set_comment(secret);
        event.mutable_survey()->set_status(v1::Survey::ANSWERED);
        event.mutable_survey()->set_raw(1);
        event.mutable_survey()->set_raw_min(0);
        event.mutable_survey()->set_raw_max(1);
      }
      event.mutable_customer()->add_identities()->set_value(secret);
      (*event.mutable_attributes())["note"] = secret;
      event.set_raw(secret);
      event.mutable_queue()->set_name(secret);
      event.set_area(secret);
      step.Apply(customer, FactsOf(event), {0, 0, "events", 0, i}, outputs, counts);
    }
    step.Wake(customer, {20 * kDay, 20 * kDay, "events", 0, events}, outputs, counts);
    RC_ASSERT(outputs.size() > 0U);
    for (size_t i = 0; i < outputs.size(); ++i) {
      RC_ASSERT(outputs[i].value.find(secret) == std::string_view::npos);
      RC_ASSERT(outputs[i].key.find(secret) == std::string_view::npos);
    }
  }));
}

}  // namespace
}  // namespace peakend::publish
