// When a condition begins, and when there is none.
#include "processors/alerts/condition.h"

#include <gtest/gtest.h>

#include <memory_resource>
#include <optional>
#include <string>
#include <vector>

#include "tests/journey/facts.h"

namespace peakend::alerts {
namespace {

using journey::EventFacts;
using journey::FactKind;

class ConditionTest : public testing::Test {
 protected:
  void Take(const EventFacts& facts) { contacts_.Apply(facts, windows_, nullptr); }
  void Happen(FactKind kind, std::string_view id, int64_t at_ms) {
    Take(make_.Make(kind, id, at_ms));
  }
  void Say(std::string_view id, int64_t at_ms, double valence = 0.5) {
    Take(make_.Turn(id, at_ms, valence));
  }
  void Answer(std::string_view id, int64_t at_ms, bool by_human) {
    EventFacts facts = make_.Make(FactKind::kAnswer, id, at_ms);
    facts.by_human = by_human;
    facts.tally = journey::TallyKind::kAnswered;
    Take(facts);
  }
  void Promise(std::string_view id, int64_t at_ms, int64_t due_at_ms) {
    EventFacts facts = make_.Make(FactKind::kAlive, id, at_ms);
    facts.promise = journey::PromiseFacts{"p", 0, at_ms, due_at_ms, {}, false};
    Take(facts);
  }
  std::optional<Finding> Look(Trigger trigger, int64_t now_ms,
                              std::optional<int64_t> after_ms = 1000) {
    Rule rule;
    rule.trigger = trigger;
    rule.after_ms = after_ms;
    const journey::JourneySpan span = contacts_.JourneyOf(0, windows_);
    const Scene scene{contacts_, span, windows_, model_, "acme", "c1", now_ms, now_ms};
    return Conditions(scene).Find(rule, {}, std::nullopt);
  }

  journey::Windows windows_;
  moments::MomentModel model_;
  journey::ContactSet contacts_{std::pmr::get_default_resource()};
  journey::FactMaker make_;
};

TEST_F(ConditionTest, WaitingRunsFromTheQueueUntilAnAnswer) {
  Happen(FactKind::kQueued, "q", 100);
  const std::optional<Finding> found = Look(Trigger::kWaiting, 200);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->from_ms, 1100);
  EXPECT_EQ(found->event_id, "q");
  Answer("a", 150, false);
  EXPECT_FALSE(Look(Trigger::kWaiting, 200));
}

TEST_F(ConditionTest, WaitingIsOverWithTheContact) {
  Happen(FactKind::kQueued, "q", 100);
  Happen(FactKind::kAbandoned, "gone", 500);
  EXPECT_FALSE(Look(Trigger::kWaiting, 600));
}

TEST_F(ConditionTest, WaitingNeverOutlivesTheSilenceThatEndsAContact) {
  Happen(FactKind::kQueued, "q", 100);
  EXPECT_FALSE(Look(Trigger::kWaiting, 200, windows_.contact_gap_ms + 1));
}

TEST_F(ConditionTest, WithoutALimitThePolicyDecides) {
  Happen(FactKind::kQueued, "q", 100);
  EXPECT_EQ(Look(Trigger::kWaiting, 200, std::nullopt)->from_ms, 100 + 120'000);
  model_.experience.expectations.clear();
  EXPECT_FALSE(Look(Trigger::kWaiting, 200, std::nullopt));
}

// Open for the first second of a day, and from the fifth on.
journey::BusinessHours WithAPause() {
  journey::CalendarPlan plan;
  for (journey::DayHours& hours : plan.week) hours = {{0, 1000}, {5000, 80'000'000}};
  plan.offsets = {{0, 0}};
  return journey::BusinessHours(plan);
}

TEST_F(ConditionTest, TimersRunInOpenHours) {
  ASSERT_TRUE(model_.experience.calendars.Add(WithAPause(), {}));
  Happen(FactKind::kQueued, "q", 500);
  Say("angry", 800, -0.8);
  EXPECT_EQ(Look(Trigger::kWaiting, 900)->from_ms, 5500);
  EXPECT_EQ(Look(Trigger::kWaiting, 900, std::nullopt)->from_ms, 124'500);
  EXPECT_EQ(Look(Trigger::kMessageUnanswered, 900)->from_ms, 5800);
  EXPECT_EQ(Look(Trigger::kPeakUnanswered, 900)->from_ms, 5800);
  EXPECT_EQ(Look(Trigger::kPeakUnanswered, 900, std::nullopt)->from_ms, 124'800);
}

TEST_F(ConditionTest, WhatWasAnnouncedRunsByTheClock) {
  ASSERT_TRUE(model_.experience.calendars.Add(WithAPause(), {}));
  EventFacts queued = make_.Make(FactKind::kQueued, "q", 500);
  queued.tally = journey::TallyKind::kWaitAnnounced;
  queued.amount = 1000;
  Take(queued);
  EXPECT_EQ(Look(Trigger::kWaiting, 900, std::nullopt)->from_ms, 1700);
  EXPECT_EQ(Look(Trigger::kWaiting, 900)->from_ms, 5500);
  Promise("made", 500, 1500);
  EXPECT_EQ(Look(Trigger::kPromiseBroken, 900)->from_ms, 1500);
}

TEST_F(ConditionTest, AnotherQueueMayKeepOtherHours) {
  ASSERT_TRUE(model_.experience.calendars.Add(WithAPause(), std::vector<std::string>{"billing"}));
  Happen(FactKind::kQueued, "q", 500);
  EXPECT_EQ(Look(Trigger::kWaiting, 900)->from_ms, 1500);
  EventFacts moved = make_.Make(FactKind::kAlive, "moved", 900);
  moved.queue_id = "billing";
  Take(moved);
  EXPECT_EQ(Look(Trigger::kWaiting, 900)->from_ms, 5500);
  const journey::JourneySpan span = contacts_.JourneyOf(0, windows_);
  const Scene scene{contacts_, span, windows_, model_, "acme", "c1", 900, 900};
  EXPECT_TRUE(MayTouch(Trigger::kWaiting, {scene, 0, moved}));
  model_.experience.calendars = {};
  EXPECT_FALSE(MayTouch(Trigger::kWaiting, {scene, 0, moved}));
}

TEST_F(ConditionTest, AnUnansweredMessageIsTheLatest) {
  Say("one", 100);
  Answer("a", 200, false);
  EXPECT_FALSE(Look(Trigger::kMessageUnanswered, 300));
  Say("two", 400);
  Say("three", 500);
  EXPECT_EQ(Look(Trigger::kMessageUnanswered, 600)->from_ms, 1500);
  EXPECT_EQ(Look(Trigger::kMessageUnanswered, 600)->event_id, "three");
}

TEST_F(ConditionTest, OnlyAHumanAnswersABadMoment) {
  Say("fine", 50, -0.2);
  EXPECT_FALSE(Look(Trigger::kPeakUnanswered, 60));
  Say("angry", 100, -0.8);
  Answer("bot", 150, false);
  const std::optional<Finding> found = Look(Trigger::kPeakUnanswered, 200);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->from_ms, 1100);
  EXPECT_EQ(found->value, -800'000'000);
  Answer("human", 250, true);
  EXPECT_FALSE(Look(Trigger::kPeakUnanswered, 300));
}

TEST_F(ConditionTest, AnAnswerMakesGoodOnlyWhatCameBeforeIt) {
  Say("angry", 100, -0.8);
  Answer("human", 200, true);
  Say("calm", 300, -0.1);
  EXPECT_FALSE(Look(Trigger::kPeakUnanswered, 400));
  Say("angrier", 500, -0.9);
  const std::optional<Finding> found = Look(Trigger::kPeakUnanswered, 600);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->event_id, "angrier");
  EXPECT_EQ(found->from_ms, 1500);
}

TEST_F(ConditionTest, APromiseIsAtRiskBeforeItBreaks) {
  Promise("made", 1000, 11'000);
  EXPECT_EQ(Look(Trigger::kPromiseAtRisk, 1000)->from_ms, 9000);
  EXPECT_EQ(Look(Trigger::kPromiseBroken, 1000)->from_ms, 11'000);
  EventFacts kept = make_.Make(FactKind::kSettlement, "kept", 5000, "");
  kept.promise = journey::PromiseFacts{"p", 0, 5000, {}, 5000, false};
  Take(kept);
  EXPECT_FALSE(Look(Trigger::kPromiseAtRisk, 6000));
  EXPECT_FALSE(Look(Trigger::kPromiseBroken, 6000));
}

TEST_F(ConditionTest, WhatBecameOfAPromiseIsKnownAheadOfTheClock) {
  Promise("made", 1000, 11'000);
  EventFacts broken = make_.Make(FactKind::kSettlement, "broken", 5000, "");
  broken.promise = journey::PromiseFacts{"p", 0, 5000, {}, {}, true};
  Take(broken);
  EXPECT_EQ(Look(Trigger::kPromiseBroken, 2000)->from_ms, 5000);
  EXPECT_EQ(Look(Trigger::kPromiseBroken, 2000)->event_id, "broken");
  EventFacts kept = make_.Make(FactKind::kSettlement, "kept", 6000, "");
  kept.promise = journey::PromiseFacts{"p", 0, 6000, {}, 6000, false};
  Take(kept);
  EXPECT_FALSE(Look(Trigger::kPromiseBroken, 2000));
  EXPECT_FALSE(Look(Trigger::kPromiseAtRisk, 2000));
}

TEST_F(ConditionTest, TheEarliestAfterAGivenOneIsFound) {
  Promise("made", 1000, 11'000);
  Rule rule;
  rule.trigger = Trigger::kPromiseBroken;
  const journey::JourneySpan span = contacts_.JourneyOf(0, windows_);
  const Scene scene{contacts_, span, windows_, model_, "acme", "c1", 2000, 2000};
  Conditions conditions(scene);
  const std::optional<Finding> first = conditions.Find(rule, {}, std::nullopt);
  ASSERT_TRUE(first);
  EXPECT_FALSE(conditions.Find(rule, {}, PlaceOf(*first)));
}

TEST_F(ConditionTest, WhereOnlyTheOrderIsKnownNobodyWaits) {
  EventFacts queued = make_.Make(FactKind::kQueued, "q", 100);
  queued.order_only = true;
  Take(queued);
  Say("angry", 200, -0.9);
  EXPECT_FALSE(Look(Trigger::kWaiting, 300));
  EXPECT_FALSE(Look(Trigger::kMessageUnanswered, 300));
  EXPECT_FALSE(Look(Trigger::kPeakUnanswered, 300));
}

TEST(TriggerTest, EachHasAName) {
  for (size_t i = 0; i < kTriggers; ++i) {
    const auto trigger = static_cast<Trigger>(i);
    EXPECT_EQ(TriggerNamed(TriggerName(trigger)), trigger);
  }
  EXPECT_FALSE(TriggerNamed("nothing"));
}

}  // namespace
}  // namespace peakend::alerts
