// The life of alerts: raised once, recovered, handed over, expired, never doubled.
#include "processors/alerts/alert_book.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/journey/facts.h"

namespace peakend::alerts {
namespace {

using journey::EventFacts;
using journey::FactKind;

// A change as values: what a transition said when it was handed out.
struct Change {
  uint16_t rule = 0;
  v1::Alert::State state = v1::Alert::STATE_UNSPECIFIED;
  Reason reason = Reason::kRaised;
  int64_t version = 0;
  std::string id;
  int64_t due_ms = 0;
  int64_t updated_ms = 0;
};
using Changes = std::vector<Change>;

Changes ValuesOf(const Transitions& transitions) {
  Changes changes;
  for (const Transition& transition : transitions) {
    const Alert& alert = *transition.alert;
    changes.push_back({alert.rule, alert.state, transition.reason, alert.row_version,
                       journey::ToHex(alert.id), alert.follow_up_due_at_ms, alert.updated_at_ms});
  }
  return changes;
}

Rule ImpressionRule() {
  Rule rule;
  rule.name = "negative_peak";
  rule.trigger = Trigger::kImpression;
  rule.enter = -500'000'000;
  rule.exit = 100'000'000;
  rule.cooldown_ms = 60'000;
  rule.follow_up_within_ms = 3'600'000;
  return rule;
}

Rule AbandonedRule() {
  Rule rule;
  rule.name = "abandoned";
  rule.trigger = Trigger::kAbandoned;
  return rule;
}

class AlertBookTest : public testing::Test {
 protected:
  Changes Take(const EventFacts& facts) {
    size_t changed = 0;
    EXPECT_EQ(contacts_.Apply(facts, windows_, &changed), journey::ApplyResult::kApplied);
    const journey::JourneySpan span = contacts_.JourneyOf(changed, windows_);
    const Scene scene = SceneAt(facts.at_ms, span);
    return ValuesOf(book_.OnEvent(rules_, {scene, changed, facts}).transitions);
  }
  Changes Feel(int64_t at_ms, double valence, std::string_view contact = "k") {
    return Take(make_.Turn("e" + std::to_string(++last_), at_ms, valence, contact));
  }
  Changes Happen(FactKind kind, int64_t at_ms) {
    return Take(make_.Make(kind, "e" + std::to_string(++last_), at_ms));
  }
  Scene SceneAt(int64_t now_ms, const journey::JourneySpan& span) const {
    return {contacts_, span, windows_, model_, "acme", "c1", now_ms, now_ms};
  }
  Changes EndContact(int64_t at_ms) {
    return ValuesOf(book_.OnContactEnded(rules_, model_.experience.calendars, contacts_, 0, at_ms));
  }
  Changes EndJourney(int64_t at_ms) {
    return ValuesOf(book_.OnJourneyEnded(contacts_, contacts_.JourneyOf(0, windows_), at_ms));
  }

  journey::Windows windows_;
  moments::MomentModel model_;
  Rules rules_ = {ImpressionRule()};
  journey::ContactSet contacts_{std::pmr::get_default_resource()};
  AlertBook book_{std::pmr::get_default_resource()};
  journey::FactMaker make_;
  int last_ = 0;
};

TEST_F(AlertBookTest, RaisesOnce) {
  EXPECT_TRUE(Feel(1000, 0.2).empty());
  const Changes raised = Feel(2000, -0.8);
  ASSERT_EQ(raised.size(), 1U);
  EXPECT_EQ(raised[0].state, v1::Alert::OPEN);
  EXPECT_EQ(raised[0].reason, Reason::kRaised);
  EXPECT_EQ(raised[0].version, 1);
  EXPECT_EQ(raised[0].updated_ms, 2000);
  EXPECT_TRUE(Feel(3000, -0.9).empty());
  EXPECT_TRUE(Feel(4000, -1).empty());
}

TEST_F(AlertBookTest, EntersBelowTheThresholdNotAtIt) {
  EXPECT_TRUE(Feel(1000, -0.5).empty());
  EXPECT_EQ(Feel(2000, -0.500000001).size(), 1U);
}

TEST_F(AlertBookTest, HysteresisLeavesAboveTheExitNotAtIt) {
  const std::string id = Feel(1000, -0.8).at(0).id;
  EXPECT_TRUE(Feel(2000, -0.4).empty());
  EXPECT_TRUE(Feel(3000, 0.1).empty());
  const Changes recovered = Feel(4000, 0.100000001);
  ASSERT_EQ(recovered.size(), 1U);
  EXPECT_EQ(recovered[0].state, v1::Alert::RESOLVED);
  EXPECT_EQ(recovered[0].reason, Reason::kRecovered);
  EXPECT_EQ(recovered[0].version, 2);
  EXPECT_EQ(recovered[0].id, id);
}

TEST_F(AlertBookTest, StaysQuietDuringTheCooldown) {
  const std::string id = Feel(1000, -0.8).at(0).id;
  ASSERT_EQ(Feel(2000, 0.5).size(), 1U);
  EXPECT_TRUE(Feel(61'999, -0.8).empty());
  const Changes again = Feel(62'000, -0.8);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].state, v1::Alert::OPEN);
  EXPECT_EQ(again[0].version, 1);
  EXPECT_NE(again[0].id, id);
}

// A customer whose mood swings for weeks must not fill the memory.
TEST_F(AlertBookTest, KeepsOneFinishedAlertPerRule) {
  Rule restless = ImpressionRule();
  restless.cooldown_ms = 0;
  rules_ = {restless};
  for (int i = 0; i < 1000; ++i) {
    const Changes raised = Feel(1000 + 2 * i, -0.8);
    ASSERT_EQ(raised.size(), 1U);
    ASSERT_EQ(raised[0].version, 1);
    const Changes recovered = Feel(1001 + 2 * i, 0.8);
    ASSERT_EQ(recovered.size(), 1U);
    ASSERT_EQ(recovered[0].id, raised[0].id);
  }
  EXPECT_EQ(book_.size(), 1U);
}

TEST_F(AlertBookTest, AnUnsureFeelingCountsLess) {
  EventFacts facts = make_.Turn("unsure", 1000, -0.9);
  facts.affect->confidence = 500'000'000;
  EXPECT_TRUE(Take(facts).empty());
}

TEST_F(AlertBookTest, WaitsForEnoughImpressions) {
  Rule patient = ImpressionRule();
  patient.min_impressions = 3;
  rules_ = {patient};
  EXPECT_TRUE(Feel(1000, -0.8).empty());
  EXPECT_TRUE(Feel(2000, -0.8).empty());
  EXPECT_EQ(Feel(3000, -0.8).size(), 1U);
}

TEST_F(AlertBookTest, ALateGoodImpressionRecoversNothing) {
  Feel(1000, 0);
  ASSERT_EQ(Feel(5000, -0.8).size(), 1U);
  EXPECT_TRUE(Feel(4000, 0.9).empty());
  EXPECT_EQ(Feel(6000, 0.9).size(), 1U);
}

TEST_F(AlertBookTest, ALateBadImpressionIsNewsAllTheSame) {
  Feel(5000, 0.3);
  EXPECT_EQ(Feel(4000, -0.8).size(), 1U);
}

TEST_F(AlertBookTest, AnOlderAlertThatArrivesDoesNotHideTheOneThatIsActive) {
  Feel(1000, -0.8);
  Feel(2000, 0.5);
  const AlertBook arrived = book_.Take([](const Alert&) { return true; });
  const std::string id = Feel(70'000, -0.8).at(0).id;
  book_.Add(arrived);
  const Changes recovered = Feel(71'000, 0.5);
  ASSERT_EQ(recovered.size(), 1U);
  EXPECT_EQ(recovered[0].id, id);
}

TEST_F(AlertBookTest, AnOlderAlertThatArrivesMakesNoOldFindingNew) {
  Rule rule = ImpressionRule();
  rule.trigger = Trigger::kPeakUnanswered;
  rule.after_ms = 1000;
  rules_ = {rule};
  const auto judge = [&](int64_t now_ms) {
    const journey::JourneySpan span = contacts_.JourneyOf(0, windows_);
    const Scene scene{contacts_, span, windows_, model_, "acme", "c1", now_ms, now_ms};
    return ValuesOf(book_.OnTime(rules_, scene).transitions);
  };
  Feel(1000, -0.8);
  ASSERT_EQ(judge(2000).size(), 1U);
  ASSERT_EQ(EndJourney(2500).size(), 1U);
  const AlertBook arrived = book_.Take([](const Alert&) { return true; });
  Feel(5000, -0.9);
  ASSERT_EQ(judge(6000).size(), 1U);
  ASSERT_EQ(EndJourney(6500).size(), 1U);
  book_.Add(arrived);
  EXPECT_TRUE(judge(7000).empty());
}

TEST_F(AlertBookTest, TheEndOfTheContactHandsOver) {
  const std::string id = Feel(1000, -0.8).at(0).id;
  const Changes handed = EndContact(9000);
  ASSERT_EQ(handed.size(), 1U);
  EXPECT_EQ(handed[0].id, id);
  EXPECT_EQ(handed[0].state, v1::Alert::FOLLOW_UP);
  EXPECT_EQ(handed[0].reason, Reason::kContactEnded);
  EXPECT_EQ(handed[0].due_ms, 9000 + 3'600'000);
  EXPECT_EQ(handed[0].version, 2);
  EXPECT_TRUE(EndContact(9000).empty());
}

TEST_F(AlertBookTest, AFollowUpIsDueInOpenHours) {
  journey::CalendarPlan plan;
  plan.week.fill({{8000, 10'000}, {20'000, 80'000'000}});
  plan.offsets = {{0, 0}};
  ASSERT_TRUE(model_.experience.calendars.Add(journey::BusinessHours(plan), {}));
  Feel(1000, -0.8);
  EXPECT_EQ(EndContact(9000).at(0).due_ms, 9000 + 3'600'000 + 10'000);
}

TEST_F(AlertBookTest, WhatIsRaisedAfterAJourneyIsKeptInOpenHours) {
  Feel(1000, -0.8);
  const journey::JourneySpan span = contacts_.JourneyOf(0, windows_);
  const auto kept_until_ms = [&] {
    return book_.KeptUntilMs(rules_, model_.experience.calendars, contacts_, span, 500);
  };
  EXPECT_EQ(kept_until_ms(), 1000 + 3'600'000);
  journey::CalendarPlan plan;
  plan.week.fill({{0, 2000}, {5000, 80'000'000}});
  plan.offsets = {{0, 0}};
  ASSERT_TRUE(model_.experience.calendars.Add(journey::BusinessHours(plan), {}));
  EXPECT_EQ(kept_until_ms(), 1000 + 3'600'000 + 3000);
}

TEST_F(AlertBookTest, AnAlertInFollowUpIsNotRaisedAgain) {
  Feel(1000, -0.8);
  EndContact(9000);
  EXPECT_TRUE(Feel(10'000, -0.8, "k2").empty());
  EXPECT_EQ(Feel(11'000, 0.8, "k2").at(0).state, v1::Alert::RESOLVED);
}

TEST_F(AlertBookTest, TheEndOfAnotherContactIsNoMatter) {
  Feel(1000, 0, "first");
  Feel(2000, -0.8, "second");
  EXPECT_TRUE(EndContact(9000).empty());
}

TEST_F(AlertBookTest, TheEndOfTheJourneyExpires) {
  Feel(1000, -0.8);
  EndContact(9000);
  const Changes expired = EndJourney(90'000);
  ASSERT_EQ(expired.size(), 1U);
  EXPECT_EQ(expired[0].state, v1::Alert::EXPIRED);
  EXPECT_EQ(expired[0].reason, Reason::kJourneyEnded);
  EXPECT_EQ(expired[0].version, 3);
  EXPECT_TRUE(EndJourney(90'000).empty());
}

TEST_F(AlertBookTest, WhatRecoveredNeitherFollowsUpNorExpires) {
  Feel(1000, -0.8);
  Feel(2000, 0.8);
  EXPECT_TRUE(EndContact(9000).empty());
  EXPECT_TRUE(EndJourney(90'000).empty());
}

TEST_F(AlertBookTest, AnAbandonIsMadeGoodByALaterAnswerOnly) {
  rules_ = {AbandonedRule()};
  ASSERT_TRUE(Happen(FactKind::kQueued, 1000).empty());
  ASSERT_EQ(Happen(FactKind::kAbandoned, 60'000).size(), 1U);
  EXPECT_TRUE(Happen(FactKind::kAnswer, 59'999).empty());
  const Changes recovered = Happen(FactKind::kAnswer, 70'000);
  ASSERT_EQ(recovered.size(), 1U);
  EXPECT_EQ(recovered[0].state, v1::Alert::RESOLVED);
}

TEST_F(AlertBookTest, AShortAbandonIsNoNews) {
  rules_ = {AbandonedRule()};
  Happen(FactKind::kQueued, 1000);
  EXPECT_TRUE(Happen(FactKind::kAbandoned, 1000 + windows_.short_abandon_ms - 1).empty());
}

TEST_F(AlertBookTest, RulesDoNotDisturbEachOther) {
  Rule strict = ImpressionRule();
  strict.name = "strict";
  strict.enter = -900'000'000;
  rules_ = {ImpressionRule(), strict};
  const Changes first = Feel(1000, -0.8);
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].rule, 0);
  const Changes second = Feel(2000, -1);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0].rule, 1);
  EXPECT_EQ(Feel(3000, 0.5).size(), 2U);
}

// Those before which none begins are asked first.
TEST_F(AlertBookTest, ManyRulesSayWhatFewWould) {
  std::vector<Rule> many;
  for (int i = 0; i < 90; ++i) {
    Rule rule = ImpressionRule();
    rule.name += std::to_string(i);
    rule.trigger = i % 2 == 0 ? Trigger::kImpression : Trigger::kPeakUnanswered;
    rule.enter = -10'000'000 * (i + 1);
    rule.exit = 0;
    rule.after_ms = 1000 + i;
    many.push_back(rule);
  }
  rules_ = Rules(many);
  EXPECT_TRUE(Feel(1000, 0.5).empty());
  const Changes raised = Feel(2000, -0.505);
  EXPECT_EQ(raised.size(), 25U) << "those of 50 rules that enter from -0.01 to -0.49";
  const journey::JourneySpan span = contacts_.JourneyOf(0, windows_);
  const Scene scene{contacts_, span, windows_, model_, "acme", "c1", 3009, 3009};
  EXPECT_EQ(book_.OnTime(rules_, scene).transitions.size(), 5U) << "due from 3001 to 3009";
}

TEST_F(AlertBookTest, ARuleThatBeginsFirstHidesNoneThatSeesMore) {
  Rule sees_more = ImpressionRule();
  sees_more.trigger = Trigger::kPeakUnanswered;
  sees_more.after_ms = 100'000;
  Rule sooner = sees_more;
  sooner.name = "sooner";
  sooner.enter = -800'000'000;
  sooner.after_ms = 50'000;
  rules_ = {sees_more, sooner};
  Feel(1000, -0.6);
  const journey::JourneySpan span = contacts_.JourneyOf(0, windows_);
  EXPECT_EQ(book_.OnTime(rules_, SceneAt(1000, span)).next_due_ms, 101'000);
  Feel(2000, -0.9);
  EXPECT_EQ(book_.OnTime(rules_, SceneAt(2000, span)).next_due_ms, 52'000);
}

// What holds back the first of many rules holds back no other.
TEST_F(AlertBookTest, ManyRulesHaveScopesOfTheirOwn) {
  std::vector<Rule> rules(40, ImpressionRule());
  for (size_t i = 0; i < rules.size(); ++i) rules[i].name += std::to_string(i);
  rules.front().only.resize(1);
  rules.front().only[0].queue_id = "another";
  rules_ = Rules(std::move(rules));
  const Changes raised = Feel(1000, -0.8);
  ASSERT_EQ(raised.size(), 39U);
  EXPECT_EQ(raised.front().rule, 1);
}

TEST_F(AlertBookTest, ScoreRulesWatchTheJourney) {
  rules_ = {Rule{}};  // score below -0.4
  EXPECT_TRUE(Feel(1000, 0.9, "first").empty());
  EXPECT_TRUE(Feel(2000, -0.5, "second").empty());
  EXPECT_EQ(Feel(3000, -1, "second").size(), 1U);
}

TEST_F(AlertBookTest, AReplayGivesTheSameIds) {
  const auto run = [] {
    journey::FactMaker make;
    journey::ContactSet contacts(std::pmr::get_default_resource());
    AlertBook book(std::pmr::get_default_resource());
    const journey::Windows windows;
    const moments::MomentModel model;
    const EventFacts facts = make.Turn("e", 1000, -0.8);
    size_t changed = 0;
    contacts.Apply(facts, windows, &changed);
    const journey::JourneySpan span = contacts.JourneyOf(changed, windows);
    const Scene scene{contacts, span, windows, model, "acme", "c1", 1000, 1000};
    const Judged judged = book.OnEvent({ImpressionRule()}, {scene, changed, facts});
    return ValuesOf(judged.transitions).at(0).id;
  };
  EXPECT_EQ(run(), run());
  EXPECT_EQ(run(), "d6c99b038a83ac2b7a0f08baa76228f8");
}

TEST_F(AlertBookTest, JourneysAreKeptApart) {
  Feel(1000, -0.8, "k1");
  const int64_t later = 1000 + windows_.journey_gap_ms + 1;
  EXPECT_EQ(Feel(later, -0.8, "k2").size(), 1U);
  book_.Drop(contacts_, contacts_.JourneyOf(0, windows_));
  EXPECT_FALSE(book_.empty());
  book_.Drop(contacts_, contacts_.JourneyOf(1, windows_));
  EXPECT_TRUE(book_.empty());
}

}  // namespace
}  // namespace peakend::alerts
