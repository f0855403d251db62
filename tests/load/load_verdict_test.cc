// When a load is void, and how long its alerts are waited for: figures in, words out.
#include "processors/cli/load_verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "processors/cli/alert_wait.h"

namespace peakend::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Next = AlertWait::Next;

constexpr absl::Duration kMostLate = absl::Milliseconds(100);
const absl::Time kSent = absl::FromUnixSeconds(1'800'000'000);

// All is well: 1000 records a second, 1 ms late, alerts after 20 ms.
v1::LoadDelivery GoodDelivery() {
  v1::LoadDelivery delivery;
  delivery.set_offered_rate(1000);
  delivery.set_achieved_rate(1000);
  delivery.mutable_lateness_us()->set_count(60'000);
  delivery.mutable_lateness_us()->set_p99(1000);
  delivery.mutable_alert_latency_us()->set_count(500);
  delivery.mutable_alert_latency_us()->set_p99(20'000);
  return delivery;
}

TEST(AlertWaitTest, EndsWhenNoAlertHasComeForAWhile) {
  AlertWait wait(kSent, 10);
  EXPECT_EQ(wait.Look(kSent + absl::Milliseconds(2999), 10), Next::kWait);
  EXPECT_EQ(wait.Look(kSent + absl::Seconds(3), 10), Next::kQuiet);
}

TEST(AlertWaitTest, EachAlertProlongsIt) {
  AlertWait wait(kSent, 0);
  EXPECT_EQ(wait.Look(kSent + absl::Seconds(2), 1), Next::kWait);
  EXPECT_EQ(wait.Look(kSent + absl::Seconds(4), 2), Next::kWait);
  EXPECT_EQ(wait.Look(kSent + absl::Milliseconds(6999), 2), Next::kWait);
  EXPECT_EQ(wait.Look(kSent + absl::Seconds(7), 2), Next::kQuiet);
}

TEST(AlertWaitTest, IsCutAfterAMinute) {
  AlertWait wait(kSent, 0);
  for (int second = 1; second < 60; ++second) {
    EXPECT_EQ(wait.Look(kSent + absl::Seconds(second), second), Next::kWait) << second;
  }
  EXPECT_EQ(wait.Look(kSent + absl::Seconds(60), 60), Next::kCut);
}

TEST(AlertWaitTest, QuietAtTheBoundIsNoCut) {
  AlertWait wait(kSent, 0);
  for (int second = 1; second <= 57; ++second) wait.Look(kSent + absl::Seconds(second), second);
  EXPECT_EQ(wait.Look(kSent + absl::Seconds(60), 57), Next::kQuiet);
}

TEST(LoadVerdictTest, AGoodRunCounts) {
  EXPECT_THAT(VoidReasons(GoodDelivery(), kMostLate), IsEmpty());
}

TEST(LoadVerdictTest, RefusedMissingAndLateRecordsAreReasons) {
  v1::LoadDelivery delivery = GoodDelivery();
  delivery.set_refused(3);
  delivery.set_achieved_rate(994);
  delivery.mutable_lateness_us()->set_p99(100'001);
  delivery.mutable_alert_latency_us()->set_p99(5'000'000);
  EXPECT_THAT(
      VoidReasons(delivery, kMostLate),
      ElementsAre("3 records were refused", "994 records a second left of 1000 that were due",
                  "records left late: p99 100.0 ms, at most 100ms is allowed"));
}

TEST(LoadVerdictTest, LatenessAboveATenthOfTheLatencyIsAReason) {
  v1::LoadDelivery delivery = GoodDelivery();
  delivery.mutable_lateness_us()->set_p99(2000);
  EXPECT_THAT(VoidReasons(delivery, kMostLate), IsEmpty());
  delivery.mutable_lateness_us()->set_p99(2001);
  EXPECT_THAT(VoidReasons(delivery, kMostLate), ElementsAre(HasSubstr("more than a tenth")));
}

TEST(LoadVerdictTest, WithoutAlertsThereIsNoLatencyToHoldLatenessAgainst) {
  v1::LoadDelivery delivery = GoodDelivery();
  delivery.mutable_lateness_us()->set_p99(90'000);
  delivery.clear_alert_latency_us();
  EXPECT_THAT(VoidReasons(delivery, kMostLate), IsEmpty());
}

TEST(LoadVerdictTest, AWatchThatWasCutIsAReason) {
  v1::LoadDelivery delivery = GoodDelivery();
  delivery.set_alert_watch_cut(true);
  EXPECT_THAT(VoidReasons(delivery, kMostLate), ElementsAre(HasSubstr("alerts still came 1m")));
}

TEST(DeliveryTextTest, TellsOfClocksAndWarmUpWhereThereIsSomethingToTell) {
  v1::LoadDelivery delivery = GoodDelivery();
  EXPECT_THAT(DeliveryText(delivery),
              AllOf(HasSubstr("500 alerts"), Not(HasSubstr("warm-up")), Not(HasSubstr("clock"))));
  delivery.mutable_alert_latency_us()->set_negative(2);
  delivery.set_warm_up_ms(5000);
  delivery.set_warm_up_records(5001);
  delivery.set_warm_up_alerts(7);
  EXPECT_THAT(DeliveryText(delivery),
              AllOf(HasSubstr("2 of them before their event should have left"),
                    HasSubstr("5001 records and 7 alerts of the warm-up")));
}

}  // namespace
}  // namespace peakend::cli
