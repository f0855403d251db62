// A policy that stands in the log counts from its record on, in that partition.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "processors/runtime/partition.h"
#include "tests/runtime/engine/stream.h"

namespace peakend::runtime {
namespace {

using publish::Topic;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// An alert in short: rule, state, reason, policy.
std::string InShort(const v1::Alert& alert) {
  return alert.rule() + " " + v1::Alert::State_Name(alert.state()) + " " + alert.reason() + " " +
         alert.policy_version();
}

class PartitionPolicyTest : public testing::Test {
 protected:
  PartitionPolicyTest() { policy_.stamp = "first"; }

  // Makes `policy` known under `stamp`; a record of it is a Policy(stamp).
  void Know(const std::string& stamp, publish::Policy policy) {
    policy.stamp = stamp;
    known_[stamp] = std::move(policy);
  }
  Outcome Feed(const v1::InteractionEvent& event) {
    const std::string key = event.tenant_id() + "/" + event.customer().customer_id();
    return Feed(key, event.SerializeAsString());
  }
  Outcome Policy(const std::string& stamp) {
    v1::InteractionEvent event;
    event.mutable_control()->mutable_policy()->set_stamp(stamp);
    event.mutable_control()->mutable_policy()->mutable_policy();
    return Feed("", event.SerializeAsString());
  }
  Outcome Feed(std::string_view key, std::string_view value) {
    InputRecord record{0, offset_++, 0, key, value, !key.empty(), true};
    return partition_.Process(record, decoder_, outputs_, stats_);
  }
  template <typename Row>
  std::vector<Row> Rows(Topic topic) const {
    std::vector<Row> rows;
    for (size_t i = 0; i < outputs_.size(); ++i) {
      if (outputs_[i].topic != topic) continue;
      rows.emplace_back().ParseFromString(std::string(outputs_[i].value));
    }
    return rows;
  }
  std::vector<std::string> Alerts() const {
    std::vector<std::string> alerts;
    for (const v1::Alert& alert : Rows<v1::Alert>(Topic::kAlerts)) alerts.push_back(InShort(alert));
    return alerts;
  }
  void Forget() { outputs_.Clear(); }

  publish::Policy policy_ = DefaultPolicy();
  std::map<std::string, publish::Policy> known_;
  Partition partition_{0,
                       "events",
                       policy_,
                       Durability::kChangelog,
                       1,
                       [this](const v1::PolicyRecord& record) -> absl::StatusOr<publish::Policy> {
                         const auto policy = known_.find(record.stamp());
                         if (policy != known_.end()) return policy->second;
                         return absl::InvalidArgumentError("unknown");
                       }};
  publish::OutputBatch outputs_;
  EngineStats stats_;
  int64_t offset_ = 0;

 private:
  ingest::Decoder decoder_{ingest::Limits{}};
};

alerts::Rule Mild(const alerts::Rule& rule) {
  alerts::Rule mild = rule;
  mild.enter = -950'000'000;
  return mild;
}

alerts::Rule WaitingFor(int64_t after_ms) {
  alerts::Rule rule;
  rule.name = "waiting";
  rule.trigger = alerts::Trigger::kWaiting;
  rule.after_ms = after_ms;
  return rule;
}

TEST_F(PartitionPolicyTest, CountsForTheRecordsBehindIt) {
  policy_.rules = {policy_.rules[0]};
  publish::Policy mild = policy_;
  mild.rules = {Mild(policy_.rules[0])};
  Know("mild", mild);
  Feed(CustomerTurn("e1", "a", "k", 0, -0.9));
  Policy("mild");
  Feed(CustomerTurn("e2", "b", "k", 1, -0.9));
  Feed(CustomerTurn("e3", "c", "k", 2, -1));
  EXPECT_THAT(Alerts(),
              ElementsAre("negative_peak OPEN raised first", "negative_peak OPEN raised mild"));
  EXPECT_EQ(partition_.policy().stamp, "mild");
}

TEST_F(PartitionPolicyTest, AnAlertOfARuleThatIsGoneIsResolvedAndTheOthersStay) {
  publish::Policy fewer = policy_;
  fewer.rules = {policy_.rules[1]};
  Know("fewer", fewer);
  Feed(CustomerTurn("e1", "a", "k", 0, -0.9));
  Feed(CustomerTurn("e2", "a", "k", 1000, -0.9));
  ASSERT_THAT(Alerts(), SizeIs(2)) << "of both rules";
  Forget();
  Policy("fewer");
  EXPECT_THAT(Alerts(), ElementsAre("negative_peak RESOLVED rule_removed first"));
  Forget();
  Feed(CustomerTurn("e3", "a", "k", 2000, 1));
  Feed(CustomerTurn("e4", "a", "k", 3000, 1));
  Feed(CustomerTurn("e5", "a", "k", 4000, 1));
  EXPECT_THAT(Alerts(), ElementsAre("score_low RESOLVED recovered fewer"));
}

TEST_F(PartitionPolicyTest, ARuleThatComesBackKnowsWhatItHasTold) {
  publish::Policy watchful = policy_;
  watchful.rules = {WaitingFor(60'000)};
  publish::Policy blind = policy_;
  blind.rules = {};
  Know("watchful", watchful);
  Know("blind", blind);
  Policy("watchful");
  Feed(Lifecycle("e1", "a", "k", 0, v1::Lifecycle::QUEUED));
  Feed(Lifecycle("e2", "b", "k", 120'000, v1::Lifecycle::QUEUED));
  Policy("blind");
  Feed(CustomerTurn("e3", "a", "k", 125'000, 0));
  Policy("watchful");
  Feed(CustomerTurn("e4", "a", "k", 130'000, 0));
  EXPECT_THAT(Alerts(),
              ElementsAre("waiting OPEN raised watchful", "waiting RESOLVED rule_removed watchful"))
      << "not the same once more, and at version 1";
}

TEST_F(PartitionPolicyTest, WhoeverWaitsTooLongByItIsFoundAtOnce) {
  publish::Policy patient = policy_;
  patient.rules = {WaitingFor(600'000)};
  publish::Policy strict = policy_;
  strict.rules = {WaitingFor(60'000)};
  Know("patient", patient);
  Know("strict", strict);
  Policy("patient");
  Feed(Lifecycle("e1", "a", "k", 0, v1::Lifecycle::QUEUED));
  Feed(Lifecycle("e2", "b", "k", 120'000, v1::Lifecycle::QUEUED));
  EXPECT_THAT(Alerts(), IsEmpty());
  Policy("strict");
  EXPECT_THAT(Alerts(), ElementsAre("waiting OPEN raised strict")) << "a, for two minutes";
}

TEST_F(PartitionPolicyTest, WhatIsOverStaysAsItWasJudgedUntilItIsAmended) {
  publish::Policy other = policy_;
  other.model.worst_weight = affect::kNanoOne;
  other.model.tail_weight = 0;
  Know("other", other);
  const int64_t gap_ms = policy_.windows.journey_gap_ms + policy_.windows.amend_window_ms / 2;
  Feed(CustomerTurn("e1", "a", "k", 0, -0.9));
  Feed(CustomerTurn("e2", "a", "k", 1000, 0.5));
  Feed(CustomerTurn("far", "b", "k", gap_ms, 0));
  ASSERT_THAT(Rows<v1::Journey>(Topic::kJourneys), SizeIs(2)) << "provisional and final";
  Forget();
  Policy("other");
  EXPECT_THAT(Rows<v1::Journey>(Topic::kJourneys), IsEmpty());
  Feed(CustomerTurn("e3", "a", "k", 2000, 0.4));
  const auto amended = Rows<v1::Journey>(Topic::kJourneys);
  ASSERT_THAT(amended, SizeIs(1));
  EXPECT_EQ(amended[0].row_version(), 3);
  EXPECT_EQ(amended[0].policy_version(), "other");
}

TEST_F(PartitionPolicyTest, ShorterGapsSplitJourneysAndLongerOnesJoinThem) {
  publish::Policy hasty = policy_;
  hasty.windows.journey_gap_ms =
      policy_.windows.max_out_of_orderness_ms + policy_.windows.allowed_lateness_ms + 1;
  Know("hasty", hasty);
  Know("usual", policy_);
  const int64_t apart_ms = hasty.windows.journey_gap_ms + policy_.windows.contact_gap_ms;
  ASSERT_LT(apart_ms, policy_.windows.journey_gap_ms);
  Feed(CustomerTurn("e1", "a", "k1", 0, -0.3));
  Feed(CustomerTurn("e2", "a", "k2", apart_ms, -0.3));
  EXPECT_EQ(partition_.open_journeys(), 1);
  Forget();
  Policy("hasty");
  EXPECT_THAT(Rows<v1::Journey>(Topic::kJourneys), SizeIs(1)) << "that of the first contact";
  Policy("usual");
  const auto journeys = Rows<v1::Journey>(Topic::kJourneys);
  ASSERT_THAT(journeys, SizeIs(1)) << "a journey that goes on again has no end to tell of";
  EXPECT_EQ(partition_.open_journeys(), 1);
}

TEST_F(PartitionPolicyTest, TimePassesAndNeverFallsBack) {
  publish::Policy patient = policy_;
  ++patient.windows.max_out_of_orderness_ms;
  publish::Policy hasty = policy_;
  hasty.windows.max_out_of_orderness_ms = 0;
  Know("patient", patient);
  Know("hasty", hasty);
  const int64_t contact_ends_ms = policy_.windows.contact_gap_ms;
  Feed(CustomerTurn("e1", "a", "k", 0, -0.9));
  Feed(CustomerTurn("e2", "b", "k", contact_ends_ms + 1, 0));
  EXPECT_EQ(Policy("patient"), Outcome::kRejected);
  EXPECT_THAT(Rows<v1::Moment>(Topic::kMoments), IsEmpty());
  Policy("hasty");
  EXPECT_EQ(partition_.watermark_ms(), partition_.now_ms());
  EXPECT_THAT(Rows<v1::Moment>(Topic::kMoments), Not(IsEmpty())) << "the contact of a is over";
}

TEST_F(PartitionPolicyTest, WhatIsNoneIsRejectedAndTheOneThatCountsStays) {
  EXPECT_EQ(Policy("unknown"), Outcome::kRejected);
  EXPECT_EQ(stats_.rejected[v1::INVALID_POLICY], 1);
  EXPECT_EQ(partition_.policy().stamp, "first");
  publish::Policy links = policy_;
  links.identities.emplace();
  Know("links", links);
  EXPECT_EQ(Policy("links"), Outcome::kRejected) << "homes were never told of anybody";
  EXPECT_EQ(partition_.policy().stamp, "first");
}

TEST_F(PartitionPolicyTest, OneOfTheStampThatCountsChangesNothing) {
  Know("again", policy_);
  Feed(CustomerTurn("e1", "a", "k", 0, -0.9));
  Policy("again");
  const publish::Policy* const counts = &partition_.policy();
  Forget();
  EXPECT_EQ(Policy("again"), Outcome::kOk);
  EXPECT_EQ(&partition_.policy(), counts);
  EXPECT_EQ(outputs_.size(), 0u);
}

TEST_F(PartitionPolicyTest, OnlyWhoChangedIsWritten) {
  publish::Policy fewer = policy_;
  fewer.rules = {policy_.rules[1]};
  Know("fewer", fewer);
  partition_.Resume(0, 0);
  for (int i = 0; i < 10; ++i) {
    Feed(CustomerTurn("e" + std::to_string(i), "c" + std::to_string(i), "k", i, i == 0 ? -0.9 : 0));
  }
  partition_.WriteState(offset_, absl::UnixEpoch(), {absl::ZeroDuration()}, outputs_);
  ASSERT_EQ(partition_.unwritten(), 0u);
  Policy("fewer");
  EXPECT_EQ(partition_.unwritten(), 1u) << "who had an alert of a rule that is gone";
}

// Customers who are restored further than the replay have come may be due by another clock.
TEST_F(PartitionPolicyTest, ARestartWithAFileThatWaitsLessComesToAnEnd) {
  const int64_t contact_ends_ms = policy_.windows.contact_gap_ms;
  const v1::InteractionEvent first = CustomerTurn("e1", "a", "k", 0, -0.9);
  const v1::InteractionEvent second = CustomerTurn("e2", "b", "k", contact_ends_ms + 1000, 0);
  partition_.Resume(0, 0);
  Feed(first);
  Feed(second);
  partition_.WriteState(offset_, absl::UnixEpoch(), {absl::ZeroDuration()}, outputs_);
  publish::Policy hasty = policy_;
  hasty.windows.max_out_of_orderness_ms = 0;
  Partition restarted(0, "events", hasty, Durability::kChangelog);
  for (size_t i = 0; i < outputs_.size(); ++i) {
    if (outputs_[i].topic != Topic::kState || outputs_[i].key != "acme/a") continue;
    ASSERT_TRUE(restarted.Restore({outputs_[i].key, outputs_[i].value, true, 0, 0}).ok());
  }
  restarted.Resume(0, 2);
  ingest::Decoder decoder{ingest::Limits{}};
  publish::OutputBatch written;
  const std::string values[] = {
      first.SerializeAsString(), second.SerializeAsString(),
      CustomerTurn("e3", "b", "k", contact_ends_ms + 2000, 0).SerializeAsString()};
  for (int64_t offset = 0; offset < 3; ++offset) {
    restarted.Process({0, offset, 0, offset == 0 ? "acme/a" : "acme/b", values[offset], true, true},
                      decoder, written, stats_);
  }
  EXPECT_GT(written.size(), 0u) << "the contact of a is over, behind what was written";
}

TEST_F(PartitionPolicyTest, OldOnesAreForgottenInTheChangelog) {
  Know("one", policy_);
  Know("two", policy_);
  partition_.Resume(0, 0);
  Policy("one");
  Policy("two");
  partition_.WriteState(offset_, absl::UnixEpoch(), {absl::ZeroDuration()}, outputs_);
  std::map<std::string, bool> kept;
  for (size_t i = 0; i < outputs_.size(); ++i) {
    if (outputs_[i].topic != Topic::kState) continue;
    kept[std::string(outputs_[i].key)] = outputs_[i].has_value;
  }
  EXPECT_EQ(kept, (std::map<std::string, bool>{
                      {"policy 0", false}, {"policy 1", true}, {"progress", true}}));
}

}  // namespace
}  // namespace peakend::runtime
