// `peakend replay` on the input topic of a real broker: which records it reads, and that it
// leaves no trace.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "processors/runtime/kafka_range_reader.h"
#include "tests/kafka/kafka_command_call.h"

namespace peakend::runtime {
namespace {

using cli::ExitCode;
using testing::HasSubstr;

class KafkaReplayTest : public KafkaCommandCall {
 protected:
  void SetUp() override {
    KafkaCommandCall::SetUp();
    std::ofstream(policy_) << "name: p\nrules:\n  - {name: hurt, on: impression, enter: -0.4}\n";
    std::ofstream(mild_) << "name: p\nrules:\n  - {name: hurt, on: impression, enter: -0.9}\n";
  }

  // Writes `count` turns that hurt, of as many customers, at the present time.
  void Hurt(int count) {
    std::string events;
    for (int i = 0; i < count; ++i) {
      ++written_;
      absl::StrAppend(&events, R"({"event_id":"e)", written_,
                      R"(","tenant_id":"t","occurred_at_ms":)", absl::ToUnixMillis(absl::Now()),
                      R"(,"customer":{"customer_id":"c)", written_,
                      R"("},"turn":{"role":"CUSTOMER","sentiment":{"score":-0.6}}})", "\n");
    }
    const CommandResult produced = Call({"produce", "-"}, events);
    ASSERT_EQ(produced.code, ExitCode::kOk) << produced.err;
  }
  // A time between what was written before and what is written after: the first millisecond, by
  // the clock that the broker has too, in which nothing was written.
  static absl::Time Between() {
    const int64_t written_by_ms = absl::ToUnixMillis(absl::Now());
    int64_t now_ms = written_by_ms;
    while (now_ms == written_by_ms) now_ms = absl::ToUnixMillis(absl::Now());
    return absl::FromUnixMillis(now_ms);
  }
  CommandResult Replay(absl::Time from, std::vector<std::string> more) {
    more.insert(more.begin(), {"replay", "--policy", policy_, "--against", mild_, "--from",
                               absl::FormatTime(absl::RFC3339_full, from, absl::UTCTimeZone())});
    return Call(more);
  }

  const std::string policy_ = testing::TempDir() + "kafka_replay_policy.yaml";
  const std::string mild_ = testing::TempDir() + "kafka_replay_mild.yaml";
  int written_ = 0;
};

TEST_F(KafkaReplayTest, ReadsWhatWasWrittenBetweenTheTimes) {
  Hurt(8);
  const absl::Time from = Between();
  Hurt(5);
  const absl::Time until = Between();
  Hurt(20);
  const std::string end = absl::FormatTime(absl::RFC3339_full, until, absl::UTCTimeZone());

  const CommandResult alone = Replay(from, {"--until", end, "--warm-up", "0"});
  EXPECT_EQ(alone.code, ExitCode::kOk) << alone.err;
  EXPECT_THAT(alone.out, HasSubstr("5 events, 0 duplicates, 0 late, 0 rejected"));
  EXPECT_THAT(alone.out, HasSubstr("5 alerts differ"));

  // The warm-up is read, and its alerts are not compared.
  const CommandResult warm = Replay(from, {"--until", end});
  EXPECT_THAT(warm.err, HasSubstr("72h before --from"));
  EXPECT_THAT(warm.out, HasSubstr("13 events, "));
  EXPECT_THAT(warm.out, HasSubstr("5 alerts differ"));

  const CommandResult until_now = Replay(from, {"--warm-up", "0"});
  EXPECT_THAT(until_now.out, HasSubstr("25 events, "));
}

TEST_F(KafkaReplayTest, LeavesNoTrace) {
  const absl::Time from = Between();
  Hurt(6);
  EXPECT_EQ(Replay(from, {}).code, ExitCode::kOk);
  EXPECT_EQ(Stored(input()).size(), 6U);
  EXPECT_EQ(Stored(config_.topics().moment_alerts().name()).size(), 0U);
  EXPECT_EQ(Stored(config_.topics().customer_state().name()).size(), 0U);
}

TEST_F(KafkaReplayTest, AnEmptyRangeIsNoError) {
  Hurt(1);
  const CommandResult nothing = Replay(Between(), {"--warm-up", "0", "--expect-same"});
  EXPECT_EQ(nothing.code, ExitCode::kOk) << nothing.err;
  EXPECT_THAT(nothing.out, HasSubstr("0 events, "));
}

TEST_F(KafkaReplayTest, TheEndIsFixedWhenItIsOpened) {
  const absl::Time from = Between();
  Hurt(4);
  auto reader =
      KafkaRangeReader::Open(config_, input(), from, absl::InfiniteFuture(), nullptr, kTestLimit);
  ASSERT_TRUE(reader.ok()) << reader.status();
  Hurt(4);
  size_t read = 0;
  const absl::Time deadline = absl::Now() + kTestLimit;
  while (!(*reader)->done() && absl::Now() < deadline) {
    const auto records = (*reader)->Read(absl::Milliseconds(100), 3);
    ASSERT_TRUE(records.ok()) << records.status();
    read += records->size();
  }
  EXPECT_TRUE((*reader)->done());
  EXPECT_EQ(read, 4U);
  EXPECT_EQ((*reader)->ShareDone(), 1);
}

}  // namespace
}  // namespace peakend::runtime
