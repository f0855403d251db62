// How soon alerts come, as `peakend load` tells it: a thread that stands for a worker writes them
// to a mock cluster while and after the load is sent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "peakend/v1/alert.pb.h"
#include "processors/runtime/config/load.h"
#include "processors/runtime/kafka_producer.h"
#include "processors/runtime/kafka_reader.h"
#include "tests/load/load_call.h"

namespace peakend::cli {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

constexpr absl::Duration kLimit = absl::Seconds(30);

class LoadAlertsTest : public LoadOntoKafkaTest {
 protected:
  // Writes an alert of each of these events, `every` apart, from when the first record is there.
  void Raise(const std::vector<v1::Alert>& alerts, absl::Duration every) {
    runtime::ConfigInputs inputs;
    inputs.flags = {"kafka.bootstrap_servers=" + std::string(cluster_->bootstrap_servers())};
    const auto config = runtime::LoadConfig(inputs);
    ASSERT_TRUE(config.ok());
    auto records = runtime::KafkaReader::Open(config.value(), "interaction-events",
                                              runtime::kBeginning, nullptr, kLimit);
    ASSERT_TRUE(records.ok()) << records.status();
    auto producer = runtime::KafkaProducer::Open(config.value(), "moment-alerts", nullptr, kLimit);
    ASSERT_TRUE(producer.ok()) << producer.status();
    for (const absl::Time end = absl::Now() + kLimit; absl::Now() < end;) {
      const auto read = (*records)->Read(absl::Milliseconds(10), 1);
      if (read.ok() && !read->empty()) break;
    }
    for (const v1::Alert& alert : alerts) {
      absl::SleepFor(every);
      const std::string value = alert.SerializeAsString();
      EXPECT_TRUE((*producer)->Send({.key = "k", .value = value}).ok());
      EXPECT_TRUE((*producer)->Flush(kLimit).ok());
    }
  }

  // Of an event of that id; its customer is of the second shard of two.
  static v1::Alert AlertOf(const std::string& event_id) {
    v1::Alert alert;
    alert.set_row_version(1);
    alert.set_tenant_id("load");
    alert.set_customer_id("c000000001");
    alert.set_updated_at_ms(1000);
    v1::Evidence& raised = *alert.add_evidence();
    raised.set_event_id(event_id);
    raised.set_at_ms(1000);
    return alert;
  }

  // A load beside which `alerts` are raised; its manifest.
  v1::LoadManifest LoadWith(const std::vector<v1::Alert>& alerts, absl::Duration every,
                            std::vector<std::string> more = {}) {
    std::thread worker([&] { Raise(alerts, every); });
    std::vector<std::string> args = {"--rate", "100", "--duration", "1s", "--most-late", "1h"};
    args.insert(args.end(), more.begin(), more.end());
    const Answer answer = Load(args);
    worker.join();
    return Manifest(answer.out);
  }
};

TEST_F(LoadAlertsTest, AlertsAreWaitedForUntilNoneComesAnyMore) {
  // The last one 7.5 s after the beginning, 6.5 s after the last record.
  const v1::LoadManifest manifest =
      LoadWith(std::vector<v1::Alert>(15, AlertOf("l1.1.0")), absl::Seconds(0.5));
  const v1::LoadQuantiles& alerts = manifest.delivery().alert_latency_us();
  EXPECT_EQ(alerts.count(), 15);
  EXPECT_GT(alerts.max(), 6'000'000);
  EXPECT_FALSE(manifest.delivery().alert_watch_cut());
}

TEST_F(LoadAlertsTest, ALatencyThatLatenessExplainsVoidsTheRun) {
  // Due an hour into a load of a second: it comes at once, and each record is late by more.
  const v1::LoadManifest manifest = LoadWith({AlertOf("l1.2.1njchs0")}, absl::ZeroDuration());
  EXPECT_EQ(manifest.delivery().alert_latency_us().count(), 1);
  EXPECT_THAT(manifest.void_because(), Contains(HasSubstr("more than a tenth")));
}

TEST_F(LoadAlertsTest, AlertsThatTimeRaisedCountFromTheirDeadline) {
  // Of an event at the beginning, and about a deadline two minutes later.
  const int64_t start_ms = absl::ToUnixMillis(absl::Now());
  v1::Alert waited = AlertOf("l1.1.0");
  waited.set_updated_at_ms(start_ms + 120'000);
  waited.mutable_evidence(0)->set_at_ms(start_ms + 120'000);
  const v1::LoadDelivery delivery =
      LoadWith({AlertOf("l1.2.0"), waited}, absl::ZeroDuration()).delivery();
  EXPECT_EQ(delivery.alert_latency_us().count(), 1);
  EXPECT_LT(delivery.alert_latency_us().max(), 60'000'000);
  EXPECT_EQ(delivery.deadline_alert_latency_us().count(), 1);
}

TEST_F(LoadAlertsTest, AlertsThatTimeRaisedAreNotWaitedFor) {
  v1::Alert waited = AlertOf("l1.1.0");
  const int64_t deadline_ms = absl::ToUnixMillis(absl::Now() + absl::Minutes(2));
  waited.set_updated_at_ms(deadline_ms);
  waited.mutable_evidence(0)->set_at_ms(deadline_ms);
  // They go on for 7.5 s; an alert of an event would be waited for.
  const v1::LoadDelivery delivery =
      LoadWith(std::vector<v1::Alert>(15, waited), absl::Seconds(0.5)).delivery();
  EXPECT_FALSE(delivery.alert_watch_cut());
  EXPECT_LT(delivery.deadline_alert_latency_us().count(), 12);
}

TEST_F(LoadAlertsTest, WhatIsDueInTheWarmUpIsCountedApart) {
  // Due at 0 s, and at 0.9 s of a load that warms up for half a second.
  const std::vector<v1::Alert> alerts = {AlertOf("l1.1.0"), AlertOf("l1.2.jag0"),
                                         AlertOf("l1.3.jag0")};
  const v1::LoadDelivery delivery =
      LoadWith(alerts, absl::ZeroDuration(), {"--warm-up", "500ms"}).delivery();
  EXPECT_EQ(delivery.warm_up_ms(), 500);
  EXPECT_EQ(delivery.warm_up_alerts(), 1);
  EXPECT_EQ(delivery.alert_latency_us().count(), 2);
  EXPECT_GT(delivery.warm_up_records(), 0);
  EXPECT_EQ(delivery.warm_up_records() + delivery.lateness_us().count(), delivery.offered());
}

TEST_F(LoadAlertsTest, AnAlertBeforeItsEventIsCountedAsNegative) {
  // Due an hour into a load of a second, as when somebody sets the clock back.
  const v1::LoadDelivery delivery =
      LoadWith({AlertOf("l1.1.0"), AlertOf("l1.2.1njchs0")}, absl::ZeroDuration()).delivery();
  EXPECT_EQ(delivery.alert_latency_us().count(), 2);
  EXPECT_EQ(delivery.alert_latency_us().negative(), 1);
}

TEST_F(LoadAlertsTest, AlertsOfAnotherShardsCustomersAreLeftOut) {
  v1::Alert other = AlertOf("l1.2.0");
  other.set_customer_id("c000000002");
  const v1::LoadDelivery delivery =
      LoadWith({AlertOf("l1.1.0"), other, other}, absl::ZeroDuration(), {"--shard", "2/2"})
          .delivery();
  EXPECT_EQ(delivery.alert_latency_us().count(), 1);
}

}  // namespace
}  // namespace peakend::cli
