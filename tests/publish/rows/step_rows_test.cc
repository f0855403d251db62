// One customer's events in, flat rows for warehouses out: versions, legs, deletions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "peakend/bi/v1/alert_row.pb.h"
#include "peakend/bi/v1/contact_row.pb.h"
#include "peakend/bi/v1/journey_row.pb.h"
#include "peakend/bi/v1/moment_row.pb.h"
#include "peakend/bi/v1/promise_row.pb.h"
#include "peakend/bi/v1/survey_row.pb.h"
#include "peakend/bi/v1/touchpoint_row.pb.h"
#include "processors/publish/output_hash.h"
#include "processors/publish/step.h"
#include "tests/durations.h"
#include "tests/publish/one_rule_policy.h"
#include "tests/publish/read_outputs.h"

namespace peakend::publish {
namespace {

using testing::ElementsAre;
using testing::Pair;
using testing::SizeIs;

constexpr int64_t kNoon = 1'736'164'800'000;  // 2025-01-06T12:00Z

RowSettings AllRows() {
  RowSettings settings;
  for (const RowKind kind : kRowKinds) {
    settings.framings[IndexOf(kind)].emplace(Framing::kProtobuf, 0,
                                             *RowPrototype(kind).GetDescriptor());
  }
  settings.tenant_zones["cn"] = absl::FixedTimeZone(8 * 3600);
  return settings;
}

v1::InteractionEvent Event(const std::string& id, int64_t at_ms, const std::string& agent = "") {
  v1::InteractionEvent event;
  event.set_event_id(id);
  event.set_source("test");
  event.set_tenant_id("cn");
  event.set_occurred_at_ms(at_ms);
  event.mutable_customer()->set_customer_id("c1");
  event.mutable_contact()->set_contact_id("k");
  event.set_channel(v1::CHANNEL_CHAT);
  if (!agent.empty()) event.mutable_agent()->set_id(agent);
  return event;
}

v1::InteractionEvent Turn(const std::string& id, int64_t at_ms, double valence,
                          const std::string& agent = "") {
  v1::InteractionEvent event = Event(id, at_ms, agent);
  event.mutable_turn()->set_role(v1::Turn::CUSTOMER);
  event.mutable_turn()->mutable_sentiment()->set_score(valence);
  event.mutable_turn()->mutable_sentiment()->set_producer("lens");
  return event;
}

v1::InteractionEvent Answer(const std::string& id, int64_t at_ms, const std::string& agent) {
  v1::InteractionEvent event = Event(id, at_ms, agent);
  event.mutable_agent()->set_kind(v1::Agent::KIND_HUMAN);
  event.mutable_lifecycle()->set_state(v1::Lifecycle::CONNECTED);
  return event;
}

v1::InteractionEvent End(const std::string& id, int64_t at_ms,
                         v1::Lifecycle::EndedBy by = v1::Lifecycle::ENDED_BY_CUSTOMER) {
  v1::InteractionEvent event = Event(id, at_ms);
  event.mutable_lifecycle()->set_state(v1::Lifecycle::DISCONNECTED);
  event.mutable_lifecycle()->set_ended_by(by);
  return event;
}

class StepRows : public testing::Test {
 protected:
  // Whatever was written has the bytes that the generated code gives for it.
  void TearDown() override {
    for (size_t i = 0; i < outputs_.size(); ++i) {
      const Output output = outputs_[i];
      if (!IsRowTopic(output.topic)) continue;
      const std::unique_ptr<google::protobuf::Message> row(
          RowPrototype(RowKindOf(output.topic)).New());
      ASSERT_TRUE(row->ParseFromString(std::string(output.value)));
      EXPECT_EQ(row->SerializeAsString(), output.value) << row->DebugString();
      EXPECT_TRUE(row->GetReflection()->GetUnknownFields(*row).empty());
    }
  }
  void Apply(const v1::InteractionEvent& event, int64_t watermark_ms = kNoon) {
    StepContext context = ContextAt(watermark_ms);
    context.late = event.occurred_at_ms() < watermark_ms - policy_.windows.allowed_lateness_ms;
    step_.Apply(customer_, journey::ReadFacts(ingest::ViewOf(event)), context, outputs_, counts_);
  }
  void WakeAt(int64_t watermark_ms) {
    step_.Wake(customer_, ContextAt(watermark_ms), outputs_, counts_);
  }
  StepContext ContextAt(int64_t watermark_ms) {
    StepContext context{watermark_ms, watermark_ms, "events", 3, ++offset_};
    context.stored_at_ms = watermark_ms + 7;
    return context;
  }
  template <typename Row>
  std::vector<Row> Read(RowKind kind) {
    return ReadOutputs<Row>(outputs_, TopicOf(kind));
  }
  std::vector<bi::v1::ContactRow> Contacts() { return Read<bi::v1::ContactRow>(RowKind::kContact); }
  std::vector<bi::v1::MomentRow> Moments() { return Read<bi::v1::MomentRow>(RowKind::kMoment); }
  std::vector<bi::v1::JourneyRow> Journeys() { return Read<bi::v1::JourneyRow>(RowKind::kJourney); }

  const Policy policy_ = OneRulePolicy();
  const RowSettings rows_ = AllRows();
  Step step_{policy_, std::pmr::get_default_resource(), &rows_};
  CustomerState customer_{"cn", "c1"};
  OutputBatch outputs_;
  StepCounts counts_;
  int64_t offset_ = 0;
};

TEST_F(StepRows, ATurnIsATouchpointAsItComes) {
  Apply(Answer("a", kNoon, "ann"));
  Apply(Turn("t", kNoon + 1000, -0.5));
  const auto rows = Read<bi::v1::TouchpointRow>(RowKind::kTouchpoint);
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].cause(), "turn");
  EXPECT_EQ(rows[0].valence(), -0.5);
  EXPECT_EQ(rows[0].attributed_to(), "agent");
  EXPECT_EQ(rows[0].agent_id(), "ann") << "who has the contact, as the turn names nobody";
  EXPECT_EQ(rows[0].sentiment_producer(), "lens");
  EXPECT_EQ(rows[0].row_version(), 1);
  Apply(Turn("t", kNoon + 1000, -0.5));
  EXPECT_THAT(Read<bi::v1::TouchpointRow>(RowKind::kTouchpoint), SizeIs(1)) << "a duplicate";
}

TEST_F(StepRows, WhatHappensAtAPartnersTouchpointIsThePartners) {
  Policy policy = OneRulePolicy();
  policy.partner_touchpoints = {"courier"};
  Step step{policy, std::pmr::get_default_resource(), &rows_};
  const auto apply = [&](v1::InteractionEvent event, std::string_view touchpoint) {
    event.mutable_touchpoint()->set_touchpoint_id(std::string(touchpoint));
    step.Apply(customer_, journey::ReadFacts(ingest::ViewOf(event)), ContextAt(kNoon), outputs_,
               counts_);
  };
  apply(Answer("a", kNoon, "ann"), "shop");
  apply(Turn("1", kNoon + 1000, -0.5), "shop");
  apply(Turn("2", kNoon + 2000, -0.9), "courier");
  step.Wake(customer_, ContextAt(kNoon + kHour), outputs_, counts_);
  std::map<std::string, std::string> of_event;
  for (const auto& row : Read<bi::v1::TouchpointRow>(RowKind::kTouchpoint)) {
    if (row.cause() == "turn") of_event[row.event_id()] = row.attributed_to();
  }
  EXPECT_THAT(of_event, ElementsAre(Pair("1", "agent"), Pair("2", "partner")));
  for (const bi::v1::MomentRow& row : Moments()) {
    EXPECT_EQ(row.attributed_to(), row.touchpoint_id() == "courier" ? "partner" : "agent");
  }
}

TEST_F(StepRows, ColumnsThatAllRowsHaveSayWhereAndWhyTheyComeFrom) {
  Apply(Turn("t", kNoon + 6 * kHour, 0.5));
  WakeAt(kNoon + 7 * kHour);
  ASSERT_THAT(Contacts(), SizeIs(1));
  const bi::v1::ContactRow row = Contacts()[0];
  EXPECT_EQ(row.amend_reason(), "new");
  EXPECT_EQ(row.tenant_id(), "cn");
  EXPECT_THAT(row.customer_key(), SizeIs(32));
  EXPECT_EQ(row.business_date(), "2025-01-07") << "it is past midnight there";
  EXPECT_EQ(row.detected_at_ms(), kNoon + 7 * kHour + 7);
  EXPECT_EQ(row.policy_version(), policy_.stamp);
  EXPECT_EQ(row.source_topic(), "events");
  EXPECT_EQ(row.source_partition(), 3);
  EXPECT_EQ(row.source_offset(), 2);
}

TEST_F(StepRows, MomentsHaveTheVersionsOfTheirNestedRecords) {
  Apply(Turn("a", kNoon, -0.9));
  WakeAt(kNoon + kHour);
  Apply(Turn("b", kNoon + 1000, -0.95), kNoon + kHour);
  std::map<std::string, int64_t> nested;
  for (const auto& moment : ReadOutputs<v1::Moment>(outputs_, Topic::kMoments)) {
    nested[moment.moment_id()] = moment.row_version();
  }
  std::map<std::string, int64_t> flat;
  for (const bi::v1::MomentRow& row : Moments()) {
    flat[row.moment_id()] = row.row_version();
    EXPECT_EQ(row.amend_reason(), row.row_version() == 1 ? "new" : "event");
    EXPECT_EQ(row.moment_id(), row.scope_key() + ":" +
                                   (row.kind() == "opening"         ? "OPENING"
                                    : row.kind() == "peak_negative" ? "PEAK_NEGATIVE"
                                                                    : "END"));
  }
  EXPECT_FALSE(flat.empty());
  EXPECT_EQ(flat, nested);
}

TEST_F(StepRows, ALegHasWhatWasFeltWhileItsAgentHadTheContact) {
  Apply(Answer("a", kNoon, "ann"));
  Apply(Turn("1", kNoon + 1000, -0.8, "ann"));
  Apply(Answer("b", kNoon + 2000, "bob"));
  Apply(Turn("2", kNoon + 3000, 0.6, "bob"));
  Apply(Turn("3", kNoon + 4000, 0.8));
  Apply(End("e", kNoon + 5000), kNoon + 5001);
  ASSERT_THAT(Contacts(), SizeIs(3));
  const bi::v1::ContactRow whole = Contacts()[0];
  const bi::v1::ContactRow ann = Contacts()[1];
  const bi::v1::ContactRow bob = Contacts()[2];
  EXPECT_EQ(whole.leg_no(), 0);
  EXPECT_EQ(whole.turn_count(), 3);
  EXPECT_EQ(whole.ended_by(), "customer");
  EXPECT_EQ(whole.agent_id(), "bob");
  EXPECT_EQ(ann.agent_id(), "ann");
  EXPECT_EQ(ann.row_id(), whole.contact_key() + ":1");
  EXPECT_EQ(ann.mean(), -0.8);
  EXPECT_EQ(ann.peak_negative(), -0.8);
  EXPECT_FALSE(ann.has_peak_positive());
  EXPECT_EQ(bob.mean(), 0.7);
  EXPECT_EQ(bob.turn_count(), 2);
  EXPECT_EQ(bob.ended_by(), "") << "of the whole contact";
}

TEST_F(StepRows, AContactsRowsAreAmendedTogetherAndAnotherLegIsNew) {
  Apply(Turn("1", kNoon, 0.5, "ann"));
  Apply(End("e", kNoon + 5000), kNoon + 5001);
  ASSERT_THAT(Contacts(), SizeIs(2));
  outputs_.Clear();
  Apply(Turn("2", kNoon + 1000, -0.5, "bob"), kNoon + 6000);
  ASSERT_THAT(Contacts(), SizeIs(3));
  std::vector<std::string> reasons;
  for (const bi::v1::ContactRow& row : Contacts()) {
    EXPECT_EQ(row.row_version(), 2);
    reasons.push_back(row.amend_reason());
  }
  EXPECT_THAT(reasons, ElementsAre("event", "event", "new"));
}

TEST_F(StepRows, WhatTheServiceDidIsToldWithTheContact) {
  Apply(Turn("1", kNoon, 0.5));
  for (const std::string id : {"h1", "h2"}) {
    v1::InteractionEvent transferred = Event(id, kNoon + 1000);
    transferred.mutable_lifecycle()->set_state(v1::Lifecycle::TRANSFER_DONE);
    Apply(transferred);
  }
  outputs_.Clear();
  Apply(End("e", kNoon + 5000), kNoon + 5001);
  const auto rows = Read<bi::v1::TouchpointRow>(RowKind::kTouchpoint);
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].cause(), "transferred");
  EXPECT_EQ(rows[0].touchpoint_row_id(), rows[0].contact_key() + ":transferred");
  EXPECT_EQ(rows[0].event_count(), 1) << "the first one hurts nobody";
  EXPECT_EQ(rows[0].servqual(), "assurance");
  EXPECT_EQ(Contacts()[0].transfer_count(), 2);
}

TEST_F(StepRows, PromisesAreToldWithTheJourneyAndAmendedAsTheyAreKept) {
  v1::InteractionEvent promised = Event("p", kNoon, "ann");
  promised.mutable_promise()->set_promise_id("p1");
  promised.mutable_promise()->set_kind(v1::Promise::CALLBACK);
  promised.mutable_promise()->set_due_at_ms(kNoon + 2 * kDay);
  Apply(promised);
  WakeAt(kNoon + 3 * kDay + kHour);
  ASSERT_THAT(Read<bi::v1::PromiseRow>(RowKind::kPromise), SizeIs(1));
  const bi::v1::PromiseRow broken = Read<bi::v1::PromiseRow>(RowKind::kPromise)[0];
  EXPECT_EQ(broken.status(), "broken");
  EXPECT_EQ(broken.kind(), "callback");
  EXPECT_EQ(broken.due_at_ms(), kNoon + 2 * kDay);
  EXPECT_EQ(broken.agent_id(), "ann");
  EXPECT_EQ(broken.promise_key(), Journeys()[0].journey_id() + ":promise:1");
  v1::InteractionEvent kept = promised;
  kept.set_event_id("kept");
  kept.set_occurred_at_ms(kNoon + kDay);
  kept.mutable_promise()->set_fulfilled_at_ms(kNoon + kDay);
  Apply(kept, kNoon + 3 * kDay + kHour);
  const bi::v1::PromiseRow now = Read<bi::v1::PromiseRow>(RowKind::kPromise).back();
  EXPECT_EQ(now.promise_key(), broken.promise_key());
  EXPECT_EQ(now.row_version(), 2);
  EXPECT_EQ(now.status(), "kept");
  EXPECT_EQ(now.fulfilled_at_ms(), kNoon + kDay);
}

TEST_F(StepRows, RowsOfAJourneyThatBecomesPartOfAnotherAreDeletedUnderTheirDate) {
  Apply(Turn("late", kNoon, -0.9, "ann"));
  WakeAt(kNoon + 3 * kDay + kHour);
  const std::string journey_id = Journeys()[0].journey_id();
  outputs_.Clear();
  v1::InteractionEvent earlier = Turn("early", kNoon - kMinute, 0.5);
  Apply(earlier, kNoon + 3 * kDay + kHour);
  std::set<std::string> deleted;
  for (const bi::v1::JourneyRow& row : Journeys()) {
    if (!row.is_deleted()) continue;
    deleted.insert(row.journey_id());
    EXPECT_EQ(row.business_date(), "2025-01-06");
    EXPECT_EQ(row.amend_reason(), "late_event");
    EXPECT_NE(row.superseded_by(), "");
    EXPECT_FALSE(row.has_score());
    EXPECT_EQ(row.event_count(), 0);
    EXPECT_EQ(row.tenant_id(), "cn");
    EXPECT_EQ(row.row_version(), 2);
  }
  EXPECT_THAT(deleted, ElementsAre(journey_id));
  std::set<std::string> legs;
  for (const bi::v1::ContactRow& row : Contacts()) {
    if (row.is_deleted()) legs.insert(row.row_id().substr(32));
    EXPECT_EQ(row.row_version(), row.is_deleted() ? 2 : 1);
  }
  EXPECT_THAT(legs, ElementsAre("", ":1"));
}

TEST_F(StepRows, AnAlertSaysWhoTookItAndHowSoon) {
  Apply(Turn("t", kNoon, -0.9));
  const auto raised = Read<bi::v1::AlertRow>(RowKind::kAlert);
  ASSERT_THAT(raised, SizeIs(1));
  EXPECT_EQ(raised[0].state(), "open");
  EXPECT_EQ(raised[0].amend_reason(), "new");
  v1::InteractionEvent action = Event("taken", kNoon + 9000);
  action.mutable_alert_action()->set_alert_id(raised[0].alert_id());
  action.mutable_alert_action()->set_kind(v1::AlertAction::ACK);
  action.mutable_alert_action()->set_actor_id("sup-7");
  Apply(action);
  action.set_event_id("done");
  action.set_occurred_at_ms(kNoon + 20'000);
  action.mutable_alert_action()->set_kind(v1::AlertAction::RESOLVE);
  action.mutable_alert_action()->set_was_actionable(true);
  Apply(action);
  const bi::v1::AlertRow closed = Read<bi::v1::AlertRow>(RowKind::kAlert).back();
  EXPECT_EQ(closed.state(), "resolved");
  EXPECT_EQ(closed.amend_reason(), "action");
  EXPECT_EQ(closed.time_to_acknowledge_ms(), 9000);
  EXPECT_EQ(closed.time_to_close_ms(), 20'000);
  EXPECT_EQ(closed.actor_id(), "sup-7");
  EXPECT_TRUE(closed.was_actionable());
}

TEST_F(StepRows, ASurveyHasARowWhateverBecameOfIt) {
  v1::InteractionEvent offered = Event("s", kNoon);
  offered.mutable_survey()->set_kind(v1::Survey::CSAT);
  offered.mutable_survey()->set_status(v1::Survey::OFFERED);
  step_.WriteSurvey(ingest::ViewOf(offered), ContextAt(kNoon), outputs_);
  offered.set_event_id("a");
  offered.mutable_survey()->set_status(v1::Survey::ANSWERED);
  offered.mutable_survey()->set_raw(4);
  offered.mutable_survey()->set_raw_min(1);
  offered.mutable_survey()->set_raw_max(5);
  step_.WriteSurvey(ingest::ViewOf(offered), ContextAt(kNoon), outputs_);
  const auto rows = Read<bi::v1::SurveyRow>(RowKind::kSurvey);
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].status(), "offered");
  EXPECT_FALSE(rows[0].has_score());
  EXPECT_EQ(rows[1].score(), 0.75);
  EXPECT_NE(rows[0].survey_key(), rows[1].survey_key());
}

TEST_F(StepRows, ALateSurveyAmendsItsJourney) {
  Apply(Turn("t", kNoon, 0.5));
  WakeAt(kNoon + 8 * kDay);
  v1::InteractionEvent survey = Event("s", kNoon + kDay);
  survey.mutable_survey()->set_kind(v1::Survey::CSAT);
  survey.mutable_survey()->set_status(v1::Survey::ANSWERED);
  survey.mutable_survey()->set_raw(5);
  survey.mutable_survey()->set_raw_min(1);
  survey.mutable_survey()->set_raw_max(5);
  Apply(survey, kNoon + 8 * kDay);
  const bi::v1::JourneyRow row = Journeys().back();
  EXPECT_EQ(row.amend_reason(), "survey");
  EXPECT_EQ(row.survey_score(), 1);
  EXPECT_EQ(row.survey_kind(), "csat");
  EXPECT_EQ(row.end_grade(), "final");
  EXPECT_GT(row.row_version(), 1);
}

TEST_F(StepRows, NoneIsWrittenWhereNoneIsWantedAndNoneCountsForTheDigest) {
  Step plain(policy_, std::pmr::get_default_resource());
  CustomerState customer("cn", "c1");
  OutputBatch without;
  const v1::InteractionEvent turn = Turn("t", kNoon, -0.9);
  for (Step* step : {&plain, &step_}) {
    CustomerState& who = step == &plain ? customer : customer_;
    OutputBatch& outputs = step == &plain ? without : outputs_;
    offset_ = 0;
    const auto facts = journey::ReadFacts(ingest::ViewOf(turn));
    step->Apply(who, facts, ContextAt(kNoon), outputs, counts_);
    step->Wake(who, ContextAt(kNoon + 8 * kDay), outputs, counts_);
  }
  EXPECT_LT(without.size(), outputs_.size());
  for (size_t i = 0; i < without.size(); ++i) EXPECT_FALSE(IsRowTopic(without[i].topic));
  EXPECT_EQ(OutputDigest(without, 0), OutputDigest(outputs_, 0));
}

}  // namespace
}  // namespace peakend::publish
