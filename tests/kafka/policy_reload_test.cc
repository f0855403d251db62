// Another policy goes to work while the program runs, on a real broker.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "peakend/v1/alert.pb.h"
#include "tests/kafka/job_process.h"
#include "tests/kafka/kafka_cluster.h"

namespace peakend::runtime {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

class PolicyReloadTest : public KafkaClusterTest {
 protected:
  void WritePolicy(const std::string& version, double enter, const std::string& rule = "hurt") {
    std::ofstream(file_) << "name: shop\nversion: " << version << "\nrules:\n  - {name: " << rule
                         << ", on: impression, enter: " << enter << "}\n";
  }
  std::vector<std::string> Settings() const {
    return {"policy.file=" + file_, "admin.reload=true"};
  }
  // As many customers as there are partitions twice over say something that hurts by -0.5.
  void Hurt(const std::string& when) {
    std::vector<v1::InteractionEvent> events;
    for (int i = 0; i < 8 * kPartitions; ++i) {
      v1::InteractionEvent& event = events.emplace_back();
      event.set_event_id(absl::StrCat(when, i));
      event.set_tenant_id("t");
      event.mutable_customer()->set_customer_id(event.event_id());
      event.set_occurred_at_ms(absl::ToUnixMillis(absl::Now()));
      event.mutable_turn()->set_role(v1::Turn::CUSTOMER);
      event.mutable_turn()->mutable_sentiment()->set_score(-0.5);
    }
    Produce(config_, events);
  }
  // rule + policy of the alerts raised by those of `when`.
  std::multiset<std::string> AlertsOf(const std::string& when) {
    std::multiset<std::string> raised;
    for (const StoredRecord& record : Stored(config_.topics().moment_alerts().name())) {
      v1::Alert alert;
      if (!record.value || !alert.ParseFromString(*record.value)) continue;
      if (alert.state() != v1::Alert::OPEN || !alert.customer_id().starts_with(when)) continue;
      raised.insert(absl::StrCat(alert.rule(), " ", alert.policy_version()));
    }
    return raised;
  }
  bool CountsEverywhere(const JobProcess& job, const std::string& policy) {
    return Eventually(
        [&] { return job.Metric("peakend_policy_info", "policy=\"" + policy) == kPartitions; });
  }

  const std::string file_ = testing::TempDir() + "policy_reload_test.yaml";
};

TEST_F(PolicyReloadTest, ByAPostByASignalAndNotByABadFile) {
  WritePolicy("1", -0.9);
  JobProcess job(config_, Settings());
  ASSERT_TRUE(CountsEverywhere(job, "shop@1")) << job.log();
  Hurt("before");
  ASSERT_TRUE(Eventually([&] { return job.Processed() >= 8 * kPartitions; })) << job.log();

  WritePolicy("2", -0.4);
  const HttpAnswer reloaded = job.Post("/-/reload");
  EXPECT_EQ(reloaded.status, 200) << reloaded.body;
  EXPECT_THAT(reloaded.body, HasSubstr(absl::StrCat("\"partitions\":", kPartitions)));
  ASSERT_TRUE(CountsEverywhere(job, "shop@2")) << job.log();
  Hurt("second");
  ASSERT_TRUE(Eventually([&] { return AlertsOf("second").size() == 8 * kPartitions; }));
  EXPECT_THAT(AlertsOf("second"), Each(StartsWith("hurt shop@2")));
  EXPECT_THAT(AlertsOf("before"), SizeIs(0));

  WritePolicy("3", -7);
  const HttpAnswer refused = job.Post("/-/reload");
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, HasSubstr("policy_reload_test.yaml:4:"));
  EXPECT_EQ(job.Metric("peakend_config_reload_success"), 0);
  EXPECT_EQ(job.Metric("peakend_policy_info", "policy=\"shop@2"), kPartitions);

  WritePolicy("4", -0.4, "sore");
  job.process().Signal(SIGHUP);
  ASSERT_TRUE(CountsEverywhere(job, "shop@4")) << job.log();
  EXPECT_EQ(job.Metric("peakend_config_reload_success"), 1);
  Hurt("fourth");
  ASSERT_TRUE(Eventually([&] { return AlertsOf("fourth").size() == 8 * kPartitions; }));
  EXPECT_THAT(AlertsOf("fourth"), Each(StartsWith("sore shop@4")));
  EXPECT_EQ(job.Stop(), 0) << job.log();
}

TEST_F(PolicyReloadTest, WhoStartsAgainGoesByThePolicyThatWasStated) {
  WritePolicy("1", -0.9);
  {
    JobProcess job(config_, Settings());
    ASSERT_TRUE(CountsEverywhere(job, "shop@1")) << job.log();
    WritePolicy("2", -0.4);
    ASSERT_EQ(job.Post("/-/reload").status, 200) << job.log();
    ASSERT_TRUE(CountsEverywhere(job, "shop@2")) << job.log();
    ASSERT_EQ(job.Stop(), 0) << job.log();
  }
  WritePolicy("1", -0.9);
  JobProcess job(config_, Settings());
  ASSERT_TRUE(CountsEverywhere(job, "shop@2")) << job.log();
  EXPECT_THAT(job.LogLines("does not count here"), SizeIs(kPartitions)) << job.log();
  Hurt("later");
  ASSERT_TRUE(Eventually([&] { return AlertsOf("later").size() == 8 * kPartitions; }));
  EXPECT_EQ(job.Stop(), 0) << job.log();
}

TEST_F(PolicyReloadTest, CustomersCannotBeLinkedOtherwiseWhileItRuns) {
  WritePolicy("1", -0.9);
  JobProcess job(config_, Settings());
  ASSERT_TRUE(CountsEverywhere(job, "shop@1")) << job.log();
  std::ofstream(file_, std::ios::app) << "identities: [{type: customer}]\n";
  const HttpAnswer refused = job.Post("/-/reload");
  EXPECT_EQ(refused.status, 409) << refused.body;
  EXPECT_THAT(refused.body, HasSubstr("a new group"));
  EXPECT_EQ(job.Stop(), 0) << job.log();
}

}  // namespace
}  // namespace peakend::runtime
