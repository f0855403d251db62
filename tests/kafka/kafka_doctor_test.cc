// peakend doctor against a real broker: a job that is made ill in known ways must
// be found to have exactly these illnesses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/time/clock.h"
#include "peakend/v1/interaction_event.pb.h"
#include "peakend/v1/progress_record.pb.h"
#include "processors/publish/partitioner.h"
#include "processors/runtime/kafka_admin.h"
#include "tests/kafka/kafka_command_call.h"
#include "tests/kafka/kafka_member.h"

namespace peakend::runtime {
namespace {

using cli::ExitCode;
using publish::Topic;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class KafkaDoctorTest : public KafkaCommandCall {
 protected:
  void PutProgress(int32_t partition, int64_t committed) {
    v1::ProgressRecord progress;
    progress.set_format(1);
    progress.set_partition(partition);
    progress.set_committed_offset(committed);
    progress.set_low_water_mark(committed);
    PutState(partition, "progress", progress.SerializeAsString());
  }

  void PutEvents(int count, std::optional<int32_t> partition = std::nullopt) {
    auto producer = Producer(input());
    for (int i = 0; i < count; ++i) {
      const std::string key = "acme/c" + std::to_string(i);
      ASSERT_TRUE(producer->Send({.key = key, .value = "e", .partition = partition}).ok());
    }
    ASSERT_TRUE(producer->Flush(kTestLimit).ok());
  }

  // Commits `offset` of partition 0 as a worker does, and leaves the group.
  void CommitOffset(int64_t offset) {
    KafkaMember member(config_);
    ASSERT_NO_FATAL_FAILURE(member.Join(kPartitions));
    ASSERT_NO_FATAL_FAILURE(member.Start());
    ASSERT_TRUE(member.client->Begin().ok());
    const TransactionAnswer sent = Insist([&] {
      return member.client->SendOffsets({{0, offset}});
    });
    ASSERT_TRUE(sent.ok()) << sent.message;
    ASSERT_TRUE(Insist([&] { return member.client->Commit(); }).ok());
    ASSERT_TRUE(member.source->Close().ok());
  }
};

TEST_F(KafkaDoctorTest, AFreshJobIsFine) {
  const CommandResult result = Call({"doctor"});
  EXPECT_EQ(result.code, ExitCode::kOk) << result.out << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("note[never-run]"), HasSubstr("0 errors, 0 warnings")));
}

TEST_F(KafkaDoctorTest, AnOpenTransactionIsNamedWithItsTopicAndOffset) {
  const std::string alerts = config_.topics().moment_alerts().name();
  KafkaMember member(config_);
  ASSERT_NO_FATAL_FAILURE(member.Start());
  ASSERT_TRUE(member.client->Begin().ok());
  ASSERT_NO_FATAL_FAILURE(member.Produce(Topic::kAlerts, 0, "alert"));
  ASSERT_NO_FATAL_FAILURE(AwaitFirstRecord(alerts));
  const CommandResult open = Call({"doctor"});
  EXPECT_EQ(open.code, ExitCode::kOk) << open.out << open.err;
  EXPECT_THAT(open.out,
              AllOf(HasSubstr("note[transaction-open]: topic " + alerts + " partition 0: "),
                    HasSubstr("wait before offset 0, 1 short of the end"),
                    Not(HasSubstr("an unknown time"))));
  ASSERT_TRUE(Insist([&] { return member.client->Abort(); }).ok());
  const CommandResult aborted = Call({"doctor"});
  EXPECT_THAT(aborted.out, Not(HasSubstr("transaction-open")));
}

// It keeps the state of its partition from being read; the others are read.
TEST_F(KafkaDoctorTest, AnOpenTransactionInTheChangelogStopsNothingElse) {
  const std::string state = config_.topics().customer_state().name();
  KafkaMember member(config_);
  ASSERT_NO_FATAL_FAILURE(member.Start());
  ASSERT_TRUE(member.client->Begin().ok());
  ASSERT_NO_FATAL_FAILURE(member.Produce(Topic::kState, 0, "state"));
  ASSERT_NO_FATAL_FAILURE(AwaitFirstRecord(state));
  PutProgress(1, 5);
  const CommandResult open = Call({"doctor"});
  EXPECT_EQ(open.code, ExitCode::kChecksFailed) << open.out << open.err;
  EXPECT_THAT(open.out,
              AllOf(HasSubstr("note[transaction-open]: topic " + state + " partition 0: "),
                    HasSubstr("warning[changelog-held-back]: partition 0: "),
                    HasSubstr("note[offset-expired]: partition 1: ")));
  ASSERT_TRUE(Insist([&] { return member.client->Abort(); }).ok());
}

TEST_F(KafkaDoctorTest, AWronglyConfiguredChangelogIsNamed) {
  // The moments' topic has the brokers' default: it is deleted from, not compacted.
  const std::string moments = config_.topics().moments().name();
  config_.mutable_topics()->mutable_moments()->set_name(config_.topics().customer_state().name());
  config_.mutable_topics()->mutable_customer_state()->set_name(moments);
  const CommandResult result = Call({"doctor"});
  EXPECT_EQ(result.code, ExitCode::kChecksFailed) << result.err;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("error[changelog-not-compacted]: topic " + moments + ": "),
                    HasSubstr("cleanup.policy=delete"), HasSubstr("remedy: kafka-configs.sh"),
                    HasSubstr("1 error, ")));
}

TEST_F(KafkaDoctorTest, AResetGroupOffsetIsNamedWithBothNumbers) {
  ASSERT_NO_FATAL_FAILURE(PutEvents(40));
  PutProgress(0, 5);
  ASSERT_NO_FATAL_FAILURE(CommitOffset(5));
  const CommandResult agreed = Call({"doctor"});
  EXPECT_THAT(agreed.out,
              AllOf(Not(HasSubstr("offsets-differ")), HasSubstr("warning[no-members]")));
  ASSERT_NO_FATAL_FAILURE(CommitOffset(2));
  const CommandResult reset = Call({"doctor"});
  EXPECT_EQ(reset.code, ExitCode::kChecksFailed) << reset.err;
  EXPECT_THAT(reset.out,
              AllOf(HasSubstr("error[offsets-differ]: partition 0: "),
                    HasSubstr("committed offset 2, "), HasSubstr("progress record says 5")));
}

TEST_F(KafkaDoctorTest, ProducersWithAnotherPartitionerAreFoundAndNoKeyIsShown) {
  ASSERT_NO_FATAL_FAILURE(PutEvents(40));
  EXPECT_EQ(Call({"doctor"}).code, ExitCode::kOk);
  ASSERT_NO_FATAL_FAILURE(PutEvents(40, 0));
  int misplaced = 0;
  for (int i = 0; i < 40; ++i) {
    misplaced += publish::PartitionFor("acme/c" + std::to_string(i), kPartitions) != 0 ? 1 : 0;
  }
  ASSERT_GT(misplaced, 0);
  const CommandResult result = Call({"doctor", "--json"});
  EXPECT_EQ(result.code, ExitCode::kChecksFailed) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr(R"("code":"partitioner","subject":"partition 0")"),
                                HasSubstr("\"misplaced\":" + std::to_string(misplaced) + ","),
                                Not(HasSubstr("acme"))));
}

TEST_F(KafkaDoctorTest, AnonymousCustomersUnderKnownIdsAreCounted) {
  auto producer = Producer(input());
  for (const char* customer : {"c1", "c2", "~c3"}) {
    v1::InteractionEvent event;
    event.mutable_customer()->set_customer_id(customer);
    event.mutable_customer()->set_anonymous(customer != std::string("c2"));
    const std::string key = std::string("acme/") + customer;
    const std::string value = event.SerializeAsString();
    ASSERT_TRUE(producer->Send({.key = key, .value = value, .partition = 0}).ok());
  }
  ASSERT_TRUE(producer->Flush(kTestLimit).ok());
  EXPECT_THAT(Call({"doctor", "--json"}).out, HasSubstr(R"("anonymous_under_known_id":1})"));
}

TEST_F(KafkaDoctorTest, MissingTopicsAreNamed) {
  config_.mutable_topics()->mutable_interaction_events()->set_name(input() + "-absent");
  const CommandResult result = Call({"doctor"});
  EXPECT_EQ(result.code, ExitCode::kChecksFailed) << result.err;
  EXPECT_THAT(result.out, HasSubstr("error[topic-missing]: topic " + input() + ": "));
}

TEST_F(KafkaDoctorTest, AClusterOutOfReachIsToldByTheExitCode) {
  config_.mutable_kafka()->set_bootstrap_servers("127.0.0.1:1");
  const CommandResult result = Call({"doctor"});
  EXPECT_EQ(result.code, ExitCode::kUnavailable);
  EXPECT_THAT(result.err, HasSubstr("127.0.0.1:1"));
}

}  // namespace
}  // namespace peakend::runtime
