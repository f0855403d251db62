// topics, produce and tail against a real broker, as a user types them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "peakend/v1/interaction_event.pb.h"
#include "peakend/v1/touchpoint_statistics.pb.h"
#include "tests/kafka/kafka_command_call.h"

namespace peakend::runtime {
namespace {

using cli::ExitCode;
using testing::HasSubstr;

using KafkaCommandsTest = KafkaCommandCall;
using Result = CommandResult;

std::string Event(int number) {
  return R"({"event_id":"e)" + std::to_string(number) +
         R"(","tenant_id":"t","occurred_at_ms":1736154240000,"customer":{"customer_id":"c)" +
         std::to_string(number % 5) + "\"}}\n";
}

TEST_F(KafkaCommandsTest, WhatIsProducedIsWhatTailShows) {
  std::string events;
  for (int i = 0; i < 50; ++i) events += Event(i);
  const Result produced = Call({"produce", "-"}, events);
  EXPECT_EQ(produced.code, ExitCode::kOk) << produced.err;
  EXPECT_THAT(produced.err, HasSubstr("50 events written, 0 left out"));

  const Result tail = Call({"tail", "events", "--from", "beginning", "--exit-at-end", "--json"});
  EXPECT_EQ(tail.code, ExitCode::kOk) << tail.err;
  EXPECT_EQ(std::count(tail.out.begin(), tail.out.end(), '\n'), 50);
  EXPECT_THAT(tail.out, HasSubstr(R"("key":"t/c0","value":{"event_id":"e0")"));
  EXPECT_THAT(tail.out, HasSubstr(R"("occurred_at_ms":1736154240000)"));

  const Result three = Call({"tail", input(), "--from", "beginning", "--count", "3"});
  EXPECT_EQ(std::count(three.out.begin(), three.out.end(), '\n'), 3);
  const Result none = Call({"tail", "events", "--exit-at-end"});
  EXPECT_EQ(none.out, "");
}

TEST_F(KafkaCommandsTest, AnUnmergeStandsUnderItsCustomersKey) {
  const Result unmerged = Call({"unmerge", "bob", "--tenant", "acme"});
  EXPECT_EQ(unmerged.code, ExitCode::kOk) << unmerged.err;
  const Result tail = Call({"tail", "events", "--from", "beginning", "--exit-at-end", "--json"});
  EXPECT_THAT(tail.out, HasSubstr(R"("key":"acme/bob")")) << tail.err;
  EXPECT_THAT(tail.out, HasSubstr(R"("unmerge":{})"));
}

TEST_F(KafkaCommandsTest, ANoticeStandsInEveryPartition) {
  const Result noticed = Call({"notice", "burst-7", "--area", "north", "--due", "+6h"});
  EXPECT_EQ(noticed.code, ExitCode::kOk) << noticed.err;
  EXPECT_THAT(noticed.err, HasSubstr("notice burst-7 written to 4 of 4 partitions"));
  const Result printed = Call({"notice", "launch", "--segment", "gold", "--print"});
  const Result produced = Call({"produce"}, printed.out);
  EXPECT_THAT(produced.err, HasSubstr("4 events written, 0 left out"));

  const Result tail = Call({"tail", "events", "--from", "beginning", "--exit-at-end", "--json"});
  const auto count = [&](const std::string& text) {
    size_t found = 0;
    for (size_t at = tail.out.find(text); at != std::string::npos;
         at = tail.out.find(text, at + 1)) {
      ++found;
    }
    return found;
  };
  EXPECT_EQ(count(R"("notice_id":"burst-7")"), 4U) << tail.out;
  EXPECT_EQ(count(R"("segments":["gold"])"), 4U) << tail.out;
}

TEST_F(KafkaCommandsTest, ABaselineIsLearnedFromTheStatisticsOfAllPartitions) {
  const auto row = [](const char* queue, std::vector<uint32_t> waits_ms) {
    v1::TouchpointStatistics statistics;
    statistics.set_window_end_ms(absl::ToUnixMillis(absl::Now()));
    statistics.set_tenant_id("t");
    statistics.set_queue_id(queue);
    statistics.set_channel("voice");
    statistics.set_hour(9);
    for (const uint32_t wait_ms : waits_ms) {
      statistics.mutable_answered_after()->add_buckets(wait_ms);
      statistics.mutable_answered_after()->add_counts(1);
    }
    return statistics.SerializeAsString();
  };
  const Result nothing = Call({"baseline"});
  EXPECT_EQ(nothing.code, ExitCode::kOk) << nothing.err;
  EXPECT_THAT(nothing.err, HasSubstr("no waits in 0 rows of statistics"));

  const auto producer = Producer(config_.topics().touchpoint_statistics().name());
  const std::string first = row("billing", {1, 2});
  const std::string second = row("billing", {20, 30, 31});
  const std::string third = row("repair", {5});
  for (const auto& [value, partition] : {std::pair(&first, 0), {&second, 3}, {&third, 1}}) {
    ASSERT_TRUE(producer->Send({.key = "k", .value = *value, .partition = partition}).ok());
  }
  ASSERT_TRUE(producer->Flush(kTestLimit).ok());
  const Result printed = Call({"baseline", "--print"});
  EXPECT_THAT(
      printed.out,
      HasSubstr(
          R"({"tenant_id":"t","queue_id":"billing","channel":1,"hour":9,"wait_ms":20,"waits":5})"))
      << printed.err;
  const Result learned = Call({"baseline"});
  EXPECT_EQ(learned.code, ExitCode::kOk) << learned.err;
  EXPECT_THAT(learned.err, HasSubstr("2 cells of 3 rows, written to 4 partitions"));
  int stated = 0;
  for (const StoredRecord& record : Stored(input())) {
    v1::InteractionEvent event;
    ASSERT_TRUE(event.ParseFromString(*record.value));
    stated += event.control().baseline().cells_size() == 2 ? 1 : 0;
  }
  EXPECT_EQ(stated, kPartitions);
}

TEST_F(KafkaCommandsTest, ProduceNamesTheLineAndGoesOn) {
  const Result produced = Call({"produce"}, Event(1) + "{broken\n" + Event(2));
  EXPECT_EQ(produced.code, ExitCode::kBadData);
  EXPECT_THAT(produced.err, HasSubstr("error: stdin:2: "));
  EXPECT_THAT(produced.err, HasSubstr("2 events written, 1 left out"));
}

TEST_F(KafkaCommandsTest, TopicsCreateSaysWhatItDoes) {
  const std::string name = config_.topics().moments().name() + "-new";
  config_.mutable_topics()->mutable_moments()->set_name(name);
  const Result dry = Call({"topics", "create", "--dry-run"});
  EXPECT_EQ(dry.code, ExitCode::kOk) << dry.err;
  EXPECT_THAT(dry.out, HasSubstr("would create " + name + ": 4 partitions"));
  const Result created = Call({"topics", "create"});
  EXPECT_EQ(created.code, ExitCode::kOk) << created.err;
  EXPECT_THAT(created.out, HasSubstr("created " + name + ": 4 partitions"));
  EXPECT_THAT(created.out, HasSubstr("exists " + input()));
}

TEST_F(KafkaCommandsTest, AnUnknownTopicIsNamed) {
  const Result tail = Call({"tail", "nosuch"});
  EXPECT_EQ(tail.code, ExitCode::kConfigError);
  EXPECT_THAT(tail.err, HasSubstr("`nosuch`"));
}

}  // namespace
}  // namespace peakend::runtime
