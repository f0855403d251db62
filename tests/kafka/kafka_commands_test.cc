// topics, produce and tail against a real broker, as a user types them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

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
