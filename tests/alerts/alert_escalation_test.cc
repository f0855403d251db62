// What becomes of alerts that nobody takes, and of those that somebody does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/alerts/alert_on_its_way.h"

namespace peakend::alerts {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class AlertEscalationTest : public AlertOnItsWay {};

TEST_F(AlertEscalationTest, GoesOnWhenItsTimeHasComeAndNoSooner) {
  EXPECT_THAT(Feel(1000, -0.8, 1000), ElementsAre("raised OPEN v1 at 1000: lead desk"));
  EXPECT_EQ(next_due_ms_, 61'000);
  EXPECT_THAT(Pass(60'999), IsEmpty());
  EXPECT_EQ(next_due_ms_, 61'000);
  EXPECT_THAT(Pass(61'000), ElementsAre("escalated OPEN v2 at 61000: manager desk"));
  EXPECT_EQ(next_due_ms_, 121'000);
  EXPECT_THAT(Pass(61'000), IsEmpty());
  EXPECT_THAT(Pass(121'000), ElementsAre("escalated OPEN v3 at 121000: director desk"));
  EXPECT_EQ(next_due_ms_, kNever);
  EXPECT_THAT(Pass(900'000), IsEmpty());
}

// An event that comes late raises now, and not when it happened.
TEST_F(AlertEscalationTest, TheTimeRunsFromWhenItIsTold) {
  Feel(1000, -0.8, 500'000);
  EXPECT_EQ(next_due_ms_, 560'000);
  EXPECT_THAT(Pass(559'999), IsEmpty());
}

TEST_F(AlertEscalationTest, WhatWasMissedIsOneStep) {
  Feel(1000, -0.8, 1000);
  EXPECT_THAT(Pass(300'000), ElementsAre("escalated OPEN v2 at 300000: director desk"));
}

TEST_F(AlertEscalationTest, WhatSomebodyHasTakenStaysWithThem) {
  for (const auto kind : {v1::AlertAction::ACK, v1::AlertAction::ASSIGN}) {
    book_ = AlertBook(std::pmr::get_default_resource());
    Feel(1000 + last_, -0.8, 1000);
    Pass(61'000);
    EXPECT_THAT(Act(kind, 70'000), ElementsAre("acknowledged ACKED v3 at 70000: manager desk"));
    EXPECT_THAT(Act(kind, 70'000), IsEmpty());
    EXPECT_THAT(Pass(900'000), IsEmpty());
    EXPECT_EQ(next_due_ms_, kNever);
  }
}

TEST_F(AlertEscalationTest, WhatIsTakenIsNotRaisedAgainAndRecovers) {
  Feel(1000, -0.8, 1000);
  Act(v1::AlertAction::ACK, 2000);
  EXPECT_THAT(Feel(3000, -0.9, 3000), IsEmpty());
  EXPECT_THAT(Feel(4000, 0.5, 4000), ElementsAre("recovered RESOLVED v3 at 4000: lead desk"));
}

TEST_F(AlertEscalationTest, WhatIsTakenBecomesAFollowUpAndExpires) {
  Feel(1000, -0.8, 1000);
  Act(v1::AlertAction::ACK, 2000);
  EXPECT_THAT(
      Told(rules_, book_.OnContactEnded(rules_, model_.experience.calendars, contacts_, 0, 9000)),
      ElementsAre("contact_ended FOLLOW_UP v3 at 9000: lead desk"));
  EXPECT_THAT(Act(v1::AlertAction::ACK, 9500), IsEmpty());
  EXPECT_THAT(Act(v1::AlertAction::RESOLVE, 9600),
              ElementsAre("resolved RESOLVED v4 at 9600: lead desk"));
}

TEST_F(AlertEscalationTest, WhatIsOverGoesToNobody) {
  Feel(1000, -0.8, 1000);
  Feel(2000, 0.5, 2000);
  EXPECT_THAT(Pass(900'000), IsEmpty());
  Feel(900'000, -0.8, 900'000);
  book_.OnContactEnded(rules_, model_.experience.calendars, contacts_, 0, 900'500);
  EXPECT_THAT(Pass(1'800'000), IsEmpty());
}

TEST_F(AlertEscalationTest, TheNextAlertBeginsAnew) {
  Feel(1000, -0.8, 1000);
  Pass(61'000);
  Feel(62'000, 0.5, 62'000);
  EXPECT_THAT(Feel(70'000, -0.8, 70'000), ElementsAre("raised OPEN v1 at 70000: lead desk"));
  EXPECT_EQ(next_due_ms_, 130'000);
}

TEST_F(AlertEscalationTest, SomebodySaysThatItIsDone) {
  Feel(1000, -0.8, 1000);
  EXPECT_THAT(Act(v1::AlertAction::RESOLVE, 5000),
              ElementsAre("resolved RESOLVED v2 at 5000: lead desk"));
  EXPECT_THAT(Act(v1::AlertAction::RESOLVE, 6000), IsEmpty());
  EXPECT_THAT(Act(v1::AlertAction::ACK, 6000), IsEmpty());
}

TEST_F(AlertEscalationTest, AnActionOnNoAlertOfThisJourneyIsNothing) {
  Feel(1000, -0.8, 1000);
  EXPECT_THAT(ActOn("", v1::AlertAction::ACK, 2000), IsEmpty());
  EXPECT_THAT(ActOn("00000000000000000000000000000000", v1::AlertAction::ACK, 2000), IsEmpty());
  EXPECT_THAT(Pass(61'000), ElementsAre("escalated OPEN v2 at 61000: manager desk"));
}

TEST_F(AlertEscalationTest, ARestoredBookGoesOnWhereItWas) {
  Feel(1000, -0.8, 1000);
  Restore(rules_);
  EXPECT_THAT(Pass(61'000), ElementsAre("escalated OPEN v2 at 61000: manager desk"));
  Restore(rules_);
  EXPECT_THAT(Pass(120'999), IsEmpty());
  EXPECT_THAT(Pass(121'000), ElementsAre("escalated OPEN v3 at 121000: director desk"));
}

// Its number of escalations may be more than the new policy has.
TEST_F(AlertEscalationTest, ANewPolicyMayEndIt) {
  Feel(1000, -0.8, 1000);
  Pass(61'000);
  Rule shorter = HandedOnRule();
  shorter.escalations.resize(1);
  Restore({shorter});
  EXPECT_THAT(Pass(900'000), IsEmpty());
  EXPECT_THAT(Act(v1::AlertAction::ACK, 900'000),
              ElementsAre("acknowledged ACKED v3 at 900000: manager desk"));
}

}  // namespace
}  // namespace peakend::alerts
