// Which payload and state is what kind of fact.
#include "processors/journey/event_facts.h"

#include <gtest/gtest.h>

#include "processors/journey/identifier.h"

namespace peakend::journey {
namespace {

EventFacts FactsOf(const v1::InteractionEvent& event) { return ReadFacts(ingest::ViewOf(event)); }

FactKind KindOf(v1::Lifecycle::State state) {
  v1::InteractionEvent event;
  event.mutable_lifecycle()->set_state(state);
  return FactsOf(event).kind;
}

FactKind KindOf(v1::Turn::Role role) {
  v1::InteractionEvent event;
  event.mutable_turn()->set_role(role);
  return FactsOf(event).kind;
}

v1::InteractionEvent Answer(double raw, double min, double max) {
  v1::InteractionEvent event;
  v1::Survey* survey = event.mutable_survey();
  survey->set_status(v1::Survey::ANSWERED);
  survey->set_kind(v1::Survey::CSAT);
  survey->set_raw(raw);
  survey->set_raw_min(min);
  survey->set_raw_max(max);
  return event;
}

TEST(EventFactsTest, LifecycleStates) {
  EXPECT_EQ(KindOf(v1::Lifecycle::QUEUED), FactKind::kQueued);
  EXPECT_EQ(KindOf(v1::Lifecycle::CONNECTED), FactKind::kAnswer);
  EXPECT_EQ(KindOf(v1::Lifecycle::ABANDONED), FactKind::kAbandoned);
  EXPECT_EQ(KindOf(v1::Lifecycle::RESOLVED), FactKind::kResolved);
  EXPECT_EQ(KindOf(v1::Lifecycle::DISCONNECTED), FactKind::kEnded);
  EXPECT_EQ(KindOf(v1::Lifecycle::EXPIRED), FactKind::kEnded);
  for (const auto state :
       {v1::Lifecycle::STATE_UNSPECIFIED, v1::Lifecycle::INITIATED, v1::Lifecycle::HOLD_START,
        v1::Lifecycle::TRANSFER_DONE, v1::Lifecycle::QUEUE_EXIT, v1::Lifecycle::REOPENED,
        static_cast<v1::Lifecycle::State>(99)}) {
    EXPECT_EQ(KindOf(state), FactKind::kAlive) << state;
  }
}

TEST(EventFactsTest, WhatTheCustomerDoesNotLiveThroughIsNothing) {
  for (const auto state :
       {v1::Lifecycle::WRAP_START, v1::Lifecycle::WRAP_END, v1::Lifecycle::MONITOR_START,
        v1::Lifecycle::UPDATED, v1::Lifecycle::SNOOZED}) {
    EXPECT_EQ(KindOf(state), FactKind::kNone) << state;
  }
  v1::InteractionEvent event;
  event.mutable_case_change();
  EXPECT_EQ(FactsOf(event).kind, FactKind::kNone);
  event.mutable_agent_state();
  EXPECT_EQ(FactsOf(event).kind, FactKind::kNone);
  event.mutable_contact_summary()->mutable_sentiment()->set_score(-1);
  EXPECT_EQ(FactsOf(event).kind, FactKind::kNone);
  event.mutable_activity();
  EXPECT_EQ(FactsOf(event).kind, FactKind::kNone);
  event.mutable_alert_action();
  EXPECT_EQ(FactsOf(event).kind, FactKind::kNone);
}

TEST(EventFactsTest, WhoTakesAnAlertPutsItOffOrEndsItActs) {
  for (int kind = 0; kind <= v1::AlertAction::COMMENT + 1; ++kind) {
    const bool acts = kind == v1::AlertAction::ACK || kind == v1::AlertAction::ASSIGN ||
                      kind == v1::AlertAction::SNOOZE || kind == v1::AlertAction::RESOLVE;
    v1::InteractionEvent event;
    event.mutable_alert_action()->set_kind(static_cast<v1::AlertAction::Kind>(kind));
    EXPECT_EQ(FactsOf(event).kind, FactKind::kNone) << "of no alert, " << kind;
    event.mutable_alert_action()->set_alert_id("a");
    event.mutable_alert_action()->set_until_at_ms(5);
    EXPECT_EQ(FactsOf(event).kind, acts ? FactKind::kAlertAction : FactKind::kNone) << kind;
    if (!acts) continue;
    EXPECT_EQ(FactsOf(event).alert_action, kind);
    EXPECT_EQ(FactsOf(event).alert_id, "a");
    EXPECT_EQ(FactsOf(event).snooze_until_ms, 5);
  }
}

TEST(EventFactsTest, AnEventWithoutPayloadShowsThatTheContactIsAlive) {
  v1::InteractionEvent event;
  EXPECT_EQ(FactsOf(event).kind, FactKind::kAlive);
  event.mutable_signal();
  EXPECT_EQ(FactsOf(event).kind, FactKind::kAlive);
  event.mutable_promise();
  EXPECT_EQ(FactsOf(event).kind, FactKind::kAlive);
}

TEST(EventFactsTest, SignalsAreCountedWithHowLongTheyLasted) {
  v1::InteractionEvent event;
  v1::Signal& signal = *event.mutable_signal();
  signal.set_kind(v1::Signal::SILENCE);
  EXPECT_EQ(FactsOf(event).tally, TallyKind::kSilence);
  EXPECT_EQ(FactsOf(event).amount, -1) << "nobody measured it";
  signal.set_begin_ms(2000);
  signal.set_end_ms(1000);
  EXPECT_EQ(FactsOf(event).amount, -1) << "a silence does not end before it begins";
  signal.set_end_ms(9000);
  EXPECT_EQ(FactsOf(event).amount, 7000);
  signal.set_begin_ms(INT64_MIN);
  signal.set_end_ms(INT64_MAX);
  EXPECT_EQ(FactsOf(event).amount, 1'000'000'000'000);
  signal.set_value(12.5);
  signal.set_unit("s");
  EXPECT_EQ(FactsOf(event).amount, 12'500) << "the value stands before the offsets";
  signal.set_value(-1e300);
  EXPECT_EQ(FactsOf(event).amount, 0);
  signal.set_value(1e300);
  EXPECT_EQ(FactsOf(event).amount, 1'000'000'000'000);
}

TEST(EventFactsTest, CustomersWhoInterruptAndUnknownAudioScalesCountNothing) {
  v1::InteractionEvent event;
  v1::Signal& signal = *event.mutable_signal();
  signal.set_kind(v1::Signal::INTERRUPTION);
  EXPECT_EQ(FactsOf(event).tally, TallyKind::kInterrupted);
  signal.set_by_role(v1::Turn::CUSTOMER);
  EXPECT_EQ(FactsOf(event).tally, TallyKind::kNone);
  signal.set_kind(v1::Signal::QUALITY);
  EXPECT_EQ(FactsOf(event).tally, TallyKind::kNone);
  signal.set_value(87);
  EXPECT_EQ(FactsOf(event).tally, TallyKind::kNone) << "no mean opinion score";
  signal.set_value(2.5);
  EXPECT_EQ(FactsOf(event).amount, 2'500'000);
}

TEST(EventFactsTest, OnlyHumansAnswerARequestForAHuman) {
  v1::InteractionEvent event;
  event.mutable_lifecycle()->set_state(v1::Lifecycle::CONNECTED);
  EXPECT_TRUE(FactsOf(event).by_human);
  event.mutable_agent()->set_kind(v1::Agent::KIND_BOT);
  EXPECT_FALSE(FactsOf(event).by_human);
  event.mutable_turn()->set_role(v1::Turn::BOT);
  EXPECT_FALSE(FactsOf(event).by_human);
  event.mutable_turn()->set_role(v1::Turn::AGENT);
  EXPECT_TRUE(FactsOf(event).by_human);
}

TEST(EventFactsTest, ReviewsWithARatingAndComplaintsOutsideAreLivedThrough) {
  v1::InteractionEvent event;
  v1::Activity& activity = *event.mutable_activity();
  activity.set_kind(v1::Activity::REVIEW);
  EXPECT_EQ(FactsOf(event).kind, FactKind::kNone) << "without a rating it says nothing";
  activity.set_rating(2);
  activity.set_rating_min(1);
  activity.set_rating_max(5);
  EXPECT_EQ(FactsOf(event).kind, FactKind::kAlive);
  EXPECT_EQ(FactsOf(event).amount, 250'000'000);
  activity.set_kind(v1::Activity::EXTERNAL_COMPLAINT);
  EXPECT_EQ(FactsOf(event).tally, TallyKind::kOutsideComplaint);
}

TEST(EventFactsTest, WhatCustomersDoOutsideIsLivedThrough) {
  v1::InteractionEvent event;
  v1::Activity& activity = *event.mutable_activity();
  for (const auto kind : {v1::Activity::VIEW, v1::Activity::SEARCH, v1::Activity::ORDER,
                          v1::Activity::PAY, v1::Activity::PURCHASE}) {
    activity.set_kind(kind);
    EXPECT_EQ(FactsOf(event).kind, FactKind::kAlive);
    EXPECT_EQ(FactsOf(event).tally, TallyKind::kNone);
  }
  activity.set_kind(v1::Activity::RETURN);
  EXPECT_EQ(FactsOf(event).tally, TallyKind::kOrderReturned);
  activity.set_kind(v1::Activity::CANCEL);
  EXPECT_EQ(FactsOf(event).tally, TallyKind::kOrderCancelled);
  activity.set_kind(v1::Activity::CHURN);
  EXPECT_EQ(FactsOf(event).tally, TallyKind::kLeft);
  activity.set_kind(v1::Activity::RENEW);
  EXPECT_EQ(FactsOf(event).tally, TallyKind::kRenewed);
  activity.set_kind(static_cast<v1::Activity::Kind>(99));
  EXPECT_EQ(FactsOf(event).kind, FactKind::kNone) << "of what is not known nobody can tell";
}

TEST(EventFactsTest, TurnsByRole) {
  EXPECT_EQ(KindOf(v1::Turn::CUSTOMER), FactKind::kCustomerTurn);
  EXPECT_EQ(KindOf(v1::Turn::AGENT), FactKind::kAnswer);
  EXPECT_EQ(KindOf(v1::Turn::BOT), FactKind::kAnswer);
  for (const auto role : {v1::Turn::ROLE_UNSPECIFIED, v1::Turn::SUPERVISOR, v1::Turn::INTERPRETER,
                          v1::Turn::THIRD_PARTY, v1::Turn::SYSTEM}) {
    EXPECT_EQ(KindOf(role), FactKind::kAlive) << role;
  }
}

TEST(EventFactsTest, OnlyTheCustomersTurnFeels) {
  v1::InteractionEvent event;
  event.mutable_turn()->mutable_sentiment()->set_score(-0.5);
  event.mutable_turn()->set_role(v1::Turn::AGENT);
  EXPECT_FALSE(FactsOf(event).affect.has_value());
  event.mutable_turn()->set_role(v1::Turn::CUSTOMER);
  EXPECT_EQ(FactsOf(event).affect->valence, -500'000'000);
}

TEST(EventFactsTest, AWaitIsUnknownUnlessGiven) {
  v1::InteractionEvent event;
  event.mutable_lifecycle()->set_state(v1::Lifecycle::ABANDONED);
  EXPECT_EQ(FactsOf(event).wait_ms, -1);
  event.mutable_lifecycle()->set_wait_ms(0);
  EXPECT_EQ(FactsOf(event).wait_ms, 0);
}

TEST(EventFactsTest, CopiesTheEnvelope) {
  v1::InteractionEvent event;
  event.set_event_id("e");
  event.set_source("s");
  event.set_occurred_at_ms(5);
  event.mutable_contact()->set_contact_id("k");
  event.mutable_queue()->set_id("q");
  event.mutable_agent()->set_id("a");
  event.set_channel(static_cast<v1::Channel>(77));
  const EventFacts facts = FactsOf(event);
  EXPECT_EQ(facts.hash, EventHash("s", "e"));
  EXPECT_EQ(facts.at_ms, 5);
  EXPECT_EQ(facts.event_id, "e");
  EXPECT_EQ(facts.contact_id, "k");
  EXPECT_EQ(facts.queue_id, "q");
  EXPECT_EQ(facts.agent_id, "a");
  EXPECT_EQ(facts.channel, 77);
}

TEST(EventFactsTest, SurveysAreNormalisedByTheirPolarity) {
  v1::InteractionEvent event = Answer(2, 1, 5);
  EXPECT_EQ(FactsOf(event).kind, FactKind::kSurvey);
  EXPECT_EQ(FactsOf(event).survey_kind, v1::Survey::CSAT);
  EXPECT_DOUBLE_EQ(*FactsOf(event).survey_score, 0.25);
  event.mutable_survey()->set_polarity(v1::Survey::HIGHER_IS_BETTER);
  EXPECT_DOUBLE_EQ(*FactsOf(event).survey_score, 0.25);
  event.mutable_survey()->set_polarity(v1::Survey::LOWER_IS_BETTER);
  EXPECT_DOUBLE_EQ(*FactsOf(event).survey_score, 0.75);
}

TEST(EventFactsTest, ASurveyWithoutAnAnswerIsNothing) {
  for (const auto status : {v1::Survey::STATUS_UNSPECIFIED, v1::Survey::OFFERED,
                            v1::Survey::DECLINED, v1::Survey::EXPIRED}) {
    v1::InteractionEvent event = Answer(2, 1, 5);
    event.mutable_survey()->set_status(status);
    EXPECT_EQ(FactsOf(event).kind, FactKind::kNone) << status;
  }
  v1::InteractionEvent event = Answer(2, 1, 5);
  event.mutable_survey()->clear_raw_max();
  EXPECT_EQ(FactsOf(event).kind, FactKind::kNone);
}

TEST(EventFactsTest, ASurveyMayNameAnotherContact) {
  v1::InteractionEvent event = Answer(2, 1, 5);
  event.mutable_contact()->set_contact_id("survey-call");
  EXPECT_EQ(FactsOf(event).contact_id, "survey-call");
  event.mutable_survey()->set_for_contact_id("k");
  EXPECT_EQ(FactsOf(event).contact_id, "k");
}

}  // namespace
}  // namespace peakend::journey
