// Facts by hand, and what must be found in them.
#include "processors/runtime/diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"

namespace peakend::runtime {
namespace {

using google::protobuf::TextFormat;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using v1::Finding;

constexpr int64_t kNow = 1'767'225'600'000;

// A job of two partitions with nothing to complain about.
v1::JobFacts Healthy() {
  v1::JobFacts facts;
  EXPECT_TRUE(TextFormat::ParseFromString(
      R"pb(
        brokers: 3
        transaction_max_timeout_ms: 900000
        topics {
          role: INPUT
          name: "in"
          partitions: 2
          replication_factor: 3
          settings { key: "cleanup.policy" value: "delete" }
          settings { key: "message.timestamp.type" value: "LogAppendTime" }
          settings { key: "min.insync.replicas" value: "2" }
          settings { key: "retention.ms" value: "604800000" }
        }
        topics { role: OUTPUT name: "out" partitions: 2 replication_factor: 3 }
        topics {
          role: CHANGELOG
          name: "state"
          partitions: 2
          replication_factor: 3
          settings { key: "cleanup.policy" value: "compact" }
        }
        group { group_id: "g" state: "Stable" members: 2 })pb",
      &facts));
  facts.set_now_ms(kNow);
  for (int32_t id = 0; id < 2; ++id) {
    EXPECT_TRUE(TextFormat::ParseFromString(
        absl::StrCat("partition: ", id, R"pb(
          logs {
            role: INPUT
            topic: "in"
            first_offset: 10
            last_stable_offset: 500
            high_watermark: 500
          }
          logs { role: OUTPUT topic: "out" last_stable_offset: 70 high_watermark: 70 }
          logs { role: CHANGELOG topic: "state" last_stable_offset: 90 high_watermark: 90 }
          committed_offset: 500
          committed_offset_later: 500
          state {
            progress { committed_offset: 500 low_water_mark: 480 }
            open: 5
            idle: 20
            records: 60
          }
          sample { records: 200 stamped_by_broker: true })pb"),
        facts.add_partitions()));
    facts.mutable_partitions(id)->mutable_sample()->set_newest_at_ms(kNow - 1000);
  }
  return facts;
}

class DiagnosisTest : public testing::Test {
 protected:
  DiagnosisTest() {
    config_.mutable_kafka()->mutable_transaction_timeout()->set_seconds(10);
    config_.mutable_kafka()->mutable_session_timeout()->set_seconds(45);
    config_.mutable_checkpoint()->mutable_interval()->set_seconds(10);
  }

  // "SEVERITY code" of each.
  std::vector<std::string> Found() const {
    std::vector<std::string> found;
    for (const Finding& finding : Diagnose(facts_, config_, policy_)) {
      EXPECT_NE(finding.subject(), "");
      EXPECT_NE(finding.meaning(), "");
      EXPECT_TRUE(finding.severity() == Finding::NOTE || !finding.remedy().empty())
          << finding.code();
      found.push_back(
          absl::StrCat(Finding::Severity_Name(finding.severity()), " ", finding.code()));
    }
    return found;
  }
  Finding Only() const {
    const std::vector<Finding> findings = Diagnose(facts_, config_, policy_);
    EXPECT_EQ(findings.size(), 1u);
    return findings.empty() ? Finding() : findings[0];
  }
  v1::TopicFacts* topic(int i) { return facts_.mutable_topics(i); }
  void Set(int i, const std::string& name, const std::string& value) {
    (*topic(i)->mutable_settings())[name] = value;
  }
  v1::PartitionFacts* partition(int i) { return facts_.mutable_partitions(i); }

  v1::JobFacts facts_ = Healthy();
  v1::Config config_;
  v1::Policy policy_;
};

TEST_F(DiagnosisTest, AHealthyJobHasNoFindings) { EXPECT_THAT(Found(), IsEmpty()); }

TEST_F(DiagnosisTest, WhatTheBrokerDoesNotTellIsNoFinding) {
  facts_.clear_transaction_max_timeout_ms();
  facts_.mutable_group()->clear_state();
  for (v1::TopicFacts& topic : *facts_.mutable_topics()) topic.clear_settings();
  for (v1::PartitionFacts& each : *facts_.mutable_partitions()) {
    each.clear_sample();
  }
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(DiagnosisTest, LinkedCustomersNeedRoomInTheInput) {
  config_.mutable_ingest()->set_max_record_bytes(1 << 20);
  Set(0, "max.message.bytes", "1048588");
  EXPECT_THAT(Found(), IsEmpty());
  policy_.add_identities()->set_type("phone");
  EXPECT_THAT(Found(), ElementsAre("WARNING input-message-size"));
  EXPECT_THAT(Only().remedy(), HasSubstr("max.message.bytes=1052672"));
  Set(0, "max.message.bytes", "1052672");
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(DiagnosisTest, AnonymousCustomersHaveIdsOfTheirOwn) {
  partition(1)->mutable_sample()->set_records(200);
  partition(1)->mutable_sample()->set_anonymous_under_known_id(3);
  EXPECT_THAT(Found(), IsEmpty());
  policy_.add_identities()->set_type("phone");
  EXPECT_THAT(Found(), ElementsAre("WARNING anonymous-under-known-id"));
  EXPECT_THAT(Only().meaning(), HasSubstr("3 of the newest 200 records"));
}

TEST_F(DiagnosisTest, MissingTopicsAndPartitions) {
  topic(1)->set_partitions(0);
  topic(2)->set_partitions(3);
  EXPECT_THAT(Found(), ElementsAre("ERROR topic-missing", "ERROR partition-count"));
}

TEST_F(DiagnosisTest, ANewClusterNeedsAllTopics) {
  facts_.clear_partitions();
  for (v1::TopicFacts& topic : *facts_.mutable_topics()) topic.set_partitions(0);
  facts_.mutable_group()->set_state("Dead");
  facts_.mutable_group()->set_members(0);
  EXPECT_THAT(Found(), ElementsAre("ERROR topic-missing", "ERROR topic-missing",
                                   "ERROR topic-missing", "NOTE never-run"));
}

TEST_F(DiagnosisTest, CleanupPolicies) {
  Set(0, "cleanup.policy", "compact,delete");
  Set(2, "cleanup.policy", "compact,delete");
  EXPECT_THAT(Found(), ElementsAre("ERROR input-compacted", "ERROR changelog-not-compacted"));
}

TEST_F(DiagnosisTest, TimestampsOfTheInput) {
  Set(0, "message.timestamp.type", "CreateTime");
  EXPECT_THAT(Found(), ElementsAre("WARNING input-timestamps"));
}

TEST_F(DiagnosisTest, RetentionOfADayAndTheCheckpointInterval) {
  Set(0, "retention.ms", "86409999");
  EXPECT_THAT(Found(), ElementsAre("WARNING input-retention"));
  Set(0, "retention.ms", "86410000");
  EXPECT_THAT(Found(), IsEmpty());
  Set(0, "retention.ms", "-1");
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(DiagnosisTest, SnapshotsAreUsedForHalfOfWhatTombstonesAreKept) {
  Set(2, "delete.retention.ms", "86400000");
  config_.mutable_checkpoint()->mutable_snapshot_max_age()->set_seconds(12 * 3600 + 1);
  EXPECT_THAT(Found(), IsEmpty()) << "none are made";
  config_.mutable_checkpoint()->set_snapshot_folder("/var/lib/peakend");
  EXPECT_THAT(Found(), ElementsAre("WARNING snapshots-outlive-tombstones"));
  EXPECT_THAT(Only().remedy(), HasSubstr("--entity-name"));
  config_.mutable_checkpoint()->mutable_snapshot_max_age()->set_seconds(12 * 3600);
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(DiagnosisTest, Replicas) {
  topic(1)->set_replication_factor(1);
  Set(0, "min.insync.replicas", "1");
  Set(2, "min.insync.replicas", "4");
  EXPECT_THAT(Found(), ElementsAre("ERROR in-sync-replicas", "WARNING in-sync-replicas",
                                   "WARNING one-replica"));
}

TEST_F(DiagnosisTest, OneReplicaIsAllThatOneBrokerCanGive) {
  facts_.set_brokers(1);
  for (v1::TopicFacts& topic : *facts_.mutable_topics()) {
    topic.set_replication_factor(1);
    (*topic.mutable_settings())["min.insync.replicas"] = "1";
  }
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(DiagnosisTest, TimeoutsOfTransactions) {
  config_.mutable_kafka()->mutable_transaction_timeout()->set_seconds(901);
  EXPECT_THAT(Found(), ElementsAre("ERROR transaction-timeout-refused",
                                   "WARNING transaction-outlives-session"));
  config_.set_delivery("at_least_once");
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(DiagnosisTest, NobodyWorks) {
  facts_.mutable_group()->set_members(0);
  facts_.mutable_group()->set_state("Empty");
  EXPECT_THAT(Found(), ElementsAre("WARNING no-members"));
}

TEST_F(DiagnosisTest, TooManyWorkAndPartitionsMove) {
  facts_.mutable_group()->set_members(3);
  facts_.mutable_group()->set_state("PreparingRebalance");
  EXPECT_THAT(Found(), ElementsAre("NOTE idle-members", "NOTE rebalancing"));
}

TEST_F(DiagnosisTest, AResetGroupOffset) {
  partition(1)->set_committed_offset(40);
  partition(1)->set_committed_offset_later(40);
  const std::vector<Finding> findings = Diagnose(facts_, config_, policy_);
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].code(), "offsets-differ");
  EXPECT_EQ(findings[0].subject(), "partition 1");
  EXPECT_THAT(findings[0].meaning(), AllOf(HasSubstr("offset 40"), HasSubstr("says 500")));
  EXPECT_EQ(findings[1].code(), "lag");
  // Without transactions the progress record comes first.
  config_.set_delivery("at_least_once");
  EXPECT_THAT(Found(), ElementsAre("NOTE lag"));
}

TEST_F(DiagnosisTest, ACommitWhileWeLookIsNoDifference) {
  partition(0)->mutable_state()->mutable_progress()->set_committed_offset(510);
  partition(0)->set_committed_offset_later(520);
  EXPECT_THAT(Found(), IsEmpty());
  partition(0)->mutable_state()->mutable_progress()->set_committed_offset(499);
  EXPECT_THAT(Found(), ElementsAre("ERROR offsets-differ"));
}

TEST_F(DiagnosisTest, OneOfOffsetAndStateIsGone) {
  partition(0)->clear_committed_offset();
  partition(0)->clear_committed_offset_later();
  EXPECT_THAT(Found(), ElementsAre("NOTE offset-expired"));
  facts_ = Healthy();
  partition(0)->mutable_state()->clear_progress();
  partition(0)->mutable_logs(0)->set_first_offset(0);
  EXPECT_THAT(Found(), ElementsAre("WARNING state-missing"));
}

TEST_F(DiagnosisTest, RecordsThatTheLogNoLongerHolds) {
  partition(0)->mutable_logs(0)->set_first_offset(490);
  EXPECT_THAT(Found(), ElementsAre("ERROR replay-lost"));
  // Nothing waits to be replayed, so nothing is lost.
  partition(0)->mutable_state()->mutable_progress()->set_low_water_mark(500);
  EXPECT_THAT(Found(), IsEmpty());
  partition(0)->mutable_logs(0)->set_first_offset(501);
  partition(0)->mutable_logs(0)->set_last_stable_offset(501);
  partition(0)->mutable_logs(0)->set_high_watermark(501);
  EXPECT_THAT(Found(), ElementsAre("ERROR records-lost"));
}

TEST_F(DiagnosisTest, LagIsWhatCommittedReadersCouldRead) {
  partition(0)->mutable_logs(0)->set_high_watermark(700);
  partition(0)->mutable_logs(0)->set_last_stable_offset(650);
  partition(0)->mutable_logs(0)->set_open_since_ms(kNow - 50);
  const std::vector<Finding> findings = Diagnose(facts_, config_, policy_);
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].code(), "transaction-open");
  EXPECT_EQ(findings[1].code(), "lag");
  EXPECT_EQ(findings[1].meaning(), "it is behind by 150");
}

TEST_F(DiagnosisTest, TheMarkThatEndsATransactionIsNoLag) {
  partition(0)->mutable_logs(0)->set_high_watermark(501);
  partition(0)->mutable_logs(0)->set_last_stable_offset(501);
  partition(0)->mutable_sample()->set_end_offset(500);
  EXPECT_THAT(Found(), IsEmpty());
  partition(0)->mutable_sample()->set_end_offset(501);
  EXPECT_THAT(Found(), ElementsAre("NOTE lag"));
}

TEST_F(DiagnosisTest, ATransactionHangsWhenTheBrokerShouldHaveEndedIt) {
  for (int i = 0; i < 2; ++i) {
    partition(i)->mutable_logs(1)->set_last_stable_offset(60);
    partition(i)->mutable_logs(1)->set_open_since_ms(kNow - 20'000);
  }
  EXPECT_EQ(Only().severity(), Finding::NOTE);
  EXPECT_EQ(Only().subject(), "topic out partitions 0, 1");
  for (int i = 0; i < 2; ++i) partition(i)->mutable_logs(1)->set_open_since_ms(kNow - 20'001);
  EXPECT_EQ(Only().code(), "transaction-hangs");
  EXPECT_EQ(Only().severity(), Finding::ERROR);
  EXPECT_THAT(Only().meaning(), AllOf(HasSubstr("20.001s"), HasSubstr("offset 60")));
  EXPECT_THAT(Only().remedy(), HasSubstr("--topic out"));
}

TEST_F(DiagnosisTest, AnOpenTransactionOfUnknownAgeIsToldAllTheSame) {
  partition(1)->mutable_logs(1)->set_last_stable_offset(69);
  EXPECT_EQ(Only().code(), "transaction-open");
  EXPECT_THAT(Only().meaning(), HasSubstr("an unknown time"));
}

TEST_F(DiagnosisTest, AChangelogThatCannotBeRead) {
  partition(1)->clear_state();
  partition(1)->mutable_logs(2)->set_last_stable_offset(89);
  EXPECT_THAT(Found(), ElementsAre("WARNING changelog-held-back", "NOTE transaction-open"));
}

TEST_F(DiagnosisTest, AWornOrDamagedChangelog) {
  partition(0)->mutable_state()->set_records(100'001);
  partition(1)->mutable_state()->set_damaged(1);
  EXPECT_THAT(Found(), ElementsAre("ERROR changelog-damaged", "WARNING changelog-worn"));
  partition(1)->mutable_state()->set_damaged(0);
  partition(0)->mutable_state()->set_idle(10'000);
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(DiagnosisTest, WhatProducersDoWrong) {
  partition(0)->mutable_sample()->set_misplaced(7);
  partition(1)->mutable_sample()->set_without_key(3);
  EXPECT_THAT(Found(), ElementsAre("ERROR partitioner", "WARNING records-without-key"));
}

TEST_F(DiagnosisTest, OnlyAStampFromTheFutureProvesASkew) {
  partition(0)->mutable_sample()->set_newest_at_ms(kNow + 2001);
  EXPECT_THAT(Found(), ElementsAre("WARNING clock-skew"));
  partition(0)->mutable_sample()->set_stamped_by_broker(false);
  EXPECT_THAT(Found(), IsEmpty());
  partition(0)->mutable_sample()->set_stamped_by_broker(true);
  partition(0)->mutable_sample()->set_newest_at_ms(kNow - 1'000'000);
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(DiagnosisTest, PartitionsThatNobodyWritesTo) {
  v1::PartitionFacts& quiet = *partition(1);
  quiet.clear_committed_offset();
  quiet.clear_committed_offset_later();
  quiet.mutable_state()->Clear();
  quiet.mutable_logs(0)->set_first_offset(0);
  quiet.mutable_logs(0)->set_last_stable_offset(0);
  quiet.mutable_logs(0)->set_high_watermark(0);
  EXPECT_THAT(Found(), ElementsAre("NOTE idle-partitions"));
}

TEST_F(DiagnosisTest, ManyPartitionsOfOneTroubleAreOneFinding) {
  const v1::PartitionFacts one = facts_.partitions(0);
  for (int32_t id = 2; id < 12; ++id) {
    *facts_.add_partitions() = one;
    partition(id)->set_partition(id);
  }
  for (v1::PartitionFacts& each : *facts_.mutable_partitions()) {
    each.mutable_sample()->set_misplaced(1);
  }
  EXPECT_EQ(Only().subject(), "partitions 0, 1, 2, 3, 4, 5, 6, 7 and 4 more");
}

}  // namespace
}  // namespace peakend::runtime
