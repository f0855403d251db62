// What becomes of an alert of which somebody wants to hear later.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <ostream>

#include "tests/alerts/alert_on_its_way.h"

namespace peakend::alerts {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int64_t kMinuteMs = 60'000;
constexpr int64_t kDayMs = 86'400'000;

class AlertSnoozeTest : public AlertOnItsWay {};

TEST_F(AlertSnoozeTest, IsToldAgainWhenItsTimeHasComeAndNoSooner) {
  Feel(1000, -0.8, 1000);
  EXPECT_THAT(Snooze(2000, 500'000), ElementsAre("snoozed SNOOZED v2 at 2000: lead desk"));
  EXPECT_TRUE(book_.snoozes());
  EXPECT_THAT(Pass(499'999), IsEmpty());
  EXPECT_EQ(next_due_ms_, 500'000);
  EXPECT_THAT(Pass(500'000), ElementsAre("snooze_ended OPEN v3 at 500000: lead desk"));
  EXPECT_FALSE(book_.snoozes());
  EXPECT_THAT(Pass(500'000), IsEmpty());
}

// Its recipients had it for a while before; they have all of their time once more.
TEST_F(AlertSnoozeTest, ItsEscalationsBeginAnew) {
  Feel(1000, -0.8, 1000);
  Snooze(60'000, 500'000);
  Pass(500'000);
  EXPECT_EQ(next_due_ms_, 560'000);
  EXPECT_THAT(Pass(559'999), IsEmpty());
  EXPECT_THAT(Pass(560'000), ElementsAre("escalated OPEN v4 at 560000: manager desk"));
}

TEST_F(AlertSnoozeTest, ComesBackToThoseWhoHadItLast) {
  Feel(1000, -0.8, 1000);
  Pass(61'000);
  Snooze(70'000, 500'000);
  EXPECT_THAT(Pass(500'000), ElementsAre("snooze_ended OPEN v4 at 500000: manager desk"));
  EXPECT_EQ(next_due_ms_, 560'000);
  EXPECT_THAT(Pass(560'000), ElementsAre("escalated OPEN v5 at 560000: director desk"));
  Snooze(561'000, 700'000);
  EXPECT_THAT(Pass(700'000), ElementsAre("snooze_ended OPEN v7 at 700000: director desk"));
  EXPECT_EQ(next_due_ms_, kNever);
}

struct Said {
  const char* name;
  int64_t until_ms;  // said at 2000; 0 = nothing
  int64_t comes_ms;  // when the alert comes back
};
std::ostream& operator<<(std::ostream& out, const Said& said) { return out << said.name; }

class AlertSnoozeUntilTest : public AlertOnItsWay, public testing::WithParamInterface<Said> {};

TEST_P(AlertSnoozeUntilTest, ComesBackThen) {
  Feel(1000, -0.8, 1000);
  Snooze(2000, GetParam().until_ms);
  EXPECT_THAT(Pass(GetParam().comes_ms - 1), IsEmpty());
  EXPECT_EQ(next_due_ms_, GetParam().comes_ms);
  EXPECT_EQ(Pass(GetParam().comes_ms).size(), 1);
}

INSTANTIATE_TEST_SUITE_P(
    Times, AlertSnoozeUntilTest,
    testing::Values(Said{"nothing", 0, 2000 + 30 * kMinuteMs}, Said{"a_time", 90'000, 90'000},
                    Said{"the_past", 1, 2000 + kMinuteMs},
                    Said{"before_all_time", std::numeric_limits<int64_t>::min(), 2000 + kMinuteMs},
                    Said{"now", 2000, 2000 + kMinuteMs},
                    Said{"hardly_later", 61'999, 2000 + kMinuteMs},
                    Said{"the_longest", 2000 + 7 * kDayMs, 2000 + 7 * kDayMs},
                    Said{"too_long", 2001 + 7 * kDayMs, 2000 + 7 * kDayMs},
                    Said{"never", std::numeric_limits<int64_t>::max(), 2000 + 7 * kDayMs}),
    [](const auto& said) { return said.param.name; });

TEST_F(AlertSnoozeTest, ThePolicySaysForHowLong) {
  Rule rule = HandedOnRule();
  rule.snooze_ms = 2 * kMinuteMs;
  rules_ = {rule};
  Feel(1000, -0.8, 1000);
  Snooze(2000, 0);
  Pass(2000);
  EXPECT_EQ(next_due_ms_, 2000 + 2 * kMinuteMs);
}

TEST_F(AlertSnoozeTest, AnotherTimeTakesThePlaceOfTheFirst) {
  Feel(1000, -0.8, 1000);
  Snooze(2000, 500'000);
  EXPECT_THAT(Snooze(3000, 300'000), ElementsAre("snoozed SNOOZED v3 at 3000: lead desk"));
  EXPECT_THAT(Pass(300'000), ElementsAre("snooze_ended OPEN v4 at 300000: lead desk"));
  EXPECT_THAT(Pass(500'000), ElementsAre("escalated OPEN v5 at 500000: director desk"));
}

TEST_F(AlertSnoozeTest, TheSameEventASecondTimeIsNothing) {
  Feel(1000, -0.8, 1000);
  Snooze(2000, 500'000);
  EXPECT_THAT(Snooze(2000, 500'000), IsEmpty());
  Act(v1::AlertAction::ACK, 3000);
  EXPECT_THAT(Snooze(2000, 500'000), IsEmpty());
  EXPECT_THAT(Snooze(4000, 500'000), ElementsAre("snoozed SNOOZED v4 at 4000: lead desk"));
  Pass(500'000);
  EXPECT_THAT(Snooze(4000, 500'000), IsEmpty());
}

TEST_F(AlertSnoozeTest, IsTakenAndResolvedLikeAnOpenOne) {
  Feel(1000, -0.8, 1000);
  Snooze(2000, 500'000);
  EXPECT_THAT(Act(v1::AlertAction::ACK, 3000),
              ElementsAre("acknowledged ACKED v3 at 3000: lead desk"));
  EXPECT_THAT(Pass(900'000), IsEmpty());
  EXPECT_THAT(Snooze(901'000, 0), ElementsAre("snoozed SNOOZED v4 at 901000: lead desk"));
  EXPECT_THAT(Act(v1::AlertAction::RESOLVE, 902'000),
              ElementsAre("resolved RESOLVED v5 at 902000: lead desk"));
  EXPECT_THAT(Snooze(903'000, 0), IsEmpty());
}

TEST_F(AlertSnoozeTest, WhatIsMadeGoodDoesNotComeBack) {
  Feel(1000, -0.8, 1000);
  Snooze(2000, 500'000);
  EXPECT_THAT(Feel(3000, -0.9, 3000), IsEmpty());
  EXPECT_THAT(Feel(4000, 0.5, 4000), ElementsAre("recovered RESOLVED v3 at 4000: lead desk"));
  EXPECT_THAT(Pass(900'000), IsEmpty());
  EXPECT_EQ(next_due_ms_, kNever);
}

TEST_F(AlertSnoozeTest, BecomesAFollowUpWhichIsNotSnoozed) {
  Feel(1000, -0.8, 1000);
  Snooze(2000, 500'000);
  EXPECT_THAT(
      Told(rules_, book_.OnContactEnded(rules_, model_.experience.calendars, contacts_, 0, 9000)),
      ElementsAre("contact_ended FOLLOW_UP v3 at 9000: lead desk"));
  EXPECT_THAT(Pass(900'000), IsEmpty());
  EXPECT_THAT(Snooze(901'000, 0), IsEmpty());
}

TEST_F(AlertSnoozeTest, IsStaleWhereItsEndIsFoundTooLate) {
  const int64_t latest_ms = 500'000 + rules_[0].stale_after_ms;
  Feel(1000, -0.8, 1000);
  Snooze(2000, 500'000);
  EXPECT_THAT(Pass(500'000, latest_ms), ElementsAre("snooze_ended OPEN v3 at 500000: lead desk"));
  Snooze(500'000, 500'000 + kMinuteMs);
  EXPECT_THAT(Pass(560'000, latest_ms + kMinuteMs + 1),
              ElementsAre("snooze_ended OPEN v5 at 560000: lead desk (stale)"));
  Snooze(561'000, 700'000);
  EXPECT_THAT(Pass(700'000), ElementsAre("snooze_ended OPEN v7 at 700000: lead desk (stale)"));
}

TEST_F(AlertSnoozeTest, ARestoredBookGoesOnWhereItWas) {
  Feel(1000, -0.8, 1000);
  Pass(61'000);
  Snooze(62'000, 500'000);
  Restore(rules_);
  EXPECT_THAT(Snooze(62'000, 500'000), IsEmpty());
  EXPECT_THAT(Pass(499'999), IsEmpty());
  EXPECT_EQ(next_due_ms_, 500'000);
  EXPECT_THAT(Pass(500'000), ElementsAre("snooze_ended OPEN v4 at 500000: manager desk"));
  Restore(rules_);
  EXPECT_THAT(Pass(560'000), ElementsAre("escalated OPEN v5 at 560000: director desk"));
}

// It went on more often than the new policy lets it.
TEST_F(AlertSnoozeTest, ANewPolicyMayHaveFewerWhoComeNext) {
  Feel(1000, -0.8, 1000);
  Pass(300'000);
  Snooze(310'000, 500'000);
  Rule shorter = HandedOnRule();
  shorter.escalations.resize(1);
  Restore({shorter});
  EXPECT_THAT(Pass(500'000), ElementsAre("snooze_ended OPEN v4 at 500000: manager desk"));
  EXPECT_THAT(Pass(900'000), IsEmpty());
}

}  // namespace
}  // namespace peakend::alerts
