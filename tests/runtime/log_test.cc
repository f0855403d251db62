#include "processors/runtime/log.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <sstream>
#include <thread>
#include <vector>

#include "absl/strings/str_split.h"
#include "peakend/v1/interaction_event.pb.h"

namespace peakend::runtime {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

const absl::Time kStart = absl::FromUnixMillis(1'700'000'000'123);

class LogTest : public ::testing::Test {
 protected:
  std::vector<std::string> Lines() const {
    return absl::StrSplit(out_.str(), '\n', absl::SkipEmpty());
  }
  Logger Make(LogFormat format, LogLevel level = LogLevel::kInfo) {
    return Logger({.format = format, .level = level, .repeat = {}}, out_, [this] { return now_; });
  }

  absl::Time now_ = kStart;
  std::ostringstream out_;
};

TEST_F(LogTest, WritesTextForAPerson) {
  Make(LogFormat::kText)
      .Log(LogLevel::kWarning, "broker is away",
           {{"broker", "kafka-1:9092"},
            {"tries", 3},
            {"wait", 0.5},
            {"fatal", false},
            {"why", "no route"}});
  EXPECT_EQ(out_.str(),
            "2023-11-14T22:13:20.123Z WARN  broker is away broker=kafka-1:9092 tries=3 wait=0.5 "
            "fatal=false why=\"no route\"\n");
}

TEST_F(LogTest, WritesJsonForAProgram) {
  Make(LogFormat::kJson)
      .Log(LogLevel::kInfo, "assigned", {{"partitions", uint64_t{4}}, {"topic", std::string("t")}});
  EXPECT_EQ(out_.str(), R"({"time":"2023-11-14T22:13:20.123Z","level":"info","message":"assigned",)"
                        R"("partitions":4,"topic":"t"})"
                        "\n");
}

TEST_F(LogTest, EmptyTextIsSeen) {
  Make(LogFormat::kText).Log(LogLevel::kInfo, "m", {{"a", ""}});
  EXPECT_THAT(out_.str(), HasSubstr("m a=\"\"\n"));
}

// What an attacker would put into a value: a line of their own, a field, a colour,
// a quote, half a character.
std::vector<std::string> Hostile() {
  return {"x\n2023-11-14T22:13:20.123Z ERROR forged",
          "x level=error",
          "\x1b[2J\x1b[31mred",
          "\xc2\x9b"
          "31m",
          "del\x7f",
          "quote\" backslash\\",
          std::string("nul\0inside", 10),
          "half \xe4\xbd",
          "\",\"source\":\"forged",
          "{} %s %n",
          "\r\roverwrite"};
}

TEST_F(LogTest, NoValueForgesALineOrATerminalCommand) {
  Logger logger =
      Logger({.format = LogFormat::kText, .level = LogLevel::kInfo, .repeat = {.burst = 1000}},
             out_, [this] { return now_; });
  for (const std::string& value : Hostile()) logger.Log(LogLevel::kInfo, "m", {{"v", value}});
  EXPECT_THAT(Lines(), SizeIs(Hostile().size()));
  for (const std::string& line : Lines()) {
    EXPECT_THAT(line, ::testing::StartsWith("2023-11-14T22:13:20.123Z INFO  m v=\""));
    for (const char c : line) EXPECT_TRUE(c >= 0x20 || c < 0) << static_cast<int>(c);
    EXPECT_THAT(line, Not(HasSubstr("\x7f")));
    EXPECT_THAT(line, Not(HasSubstr("\xc2\x9b")));
  }
}

TEST_F(LogTest, JsonReadsBackWhateverTheValue) {
  Logger logger =
      Logger({.format = LogFormat::kJson, .level = LogLevel::kInfo, .repeat = {.burst = 1000}},
             out_, [this] { return now_; });
  for (const std::string& value : Hostile())
    logger.Log(LogLevel::kInfo, "m", {{"event_id", value}});
  ASSERT_THAT(Lines(), SizeIs(Hostile().size()));
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  size_t at = 0;
  for (const std::string& line : Lines()) {
    v1::InteractionEvent read;
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(line, &read, options).ok()) << line;
    EXPECT_EQ(read.source(), "");
    const std::string value = Hostile()[at++];
    if (value.starts_with("half")) continue;  // became U+FFFD
    EXPECT_EQ(read.event_id(), value);
  }
}

TEST_F(LogTest, NumbersThatJsonLacksBecomeNull) {
  Make(LogFormat::kJson)
      .Log(LogLevel::kInfo, "m",
           {{"a", std::nan("")}, {"b", std::numeric_limits<double>::infinity()}});
  EXPECT_THAT(out_.str(), HasSubstr(R"("a":null,"b":null})"));
}

TEST_F(LogTest, LevelsBelowAreLeftOut) {
  Logger logger = Make(LogFormat::kText, LogLevel::kWarning);
  logger.Log(LogLevel::kInfo, "no");
  logger.Log(LogLevel::kWarning, "yes");
  EXPECT_THAT(Lines(), SizeIs(1));
  EXPECT_FALSE(logger.enabled(LogLevel::kInfo));
}

TEST_F(LogTest, RepeatedMessagesAreLimitedAndCounted) {
  Logger logger = Make(LogFormat::kText);
  for (int i = 0; i < 100; ++i) logger.Log(LogLevel::kError, "down", {{"try", i}});
  EXPECT_THAT(Lines(), SizeIs(5));
  logger.Log(LogLevel::kError, "other");
  EXPECT_THAT(Lines(), SizeIs(6));
  now_ += absl::Milliseconds(9'999);
  logger.Log(LogLevel::kError, "down");
  EXPECT_THAT(Lines(), SizeIs(6));
  now_ += absl::Milliseconds(1);
  logger.Log(LogLevel::kError, "down");
  ASSERT_THAT(Lines(), SizeIs(7));
  EXPECT_THAT(Lines().back(), HasSubstr("down suppressed=96"));
  logger.Log(LogLevel::kError, "down");
  EXPECT_THAT(Lines(), SizeIs(7));
}

TEST_F(LogTest, AfterSilenceAMessageIsNewAgain) {
  Logger logger = Make(LogFormat::kText);
  for (int i = 0; i < 10; ++i) logger.Log(LogLevel::kError, "down");
  now_ += absl::Minutes(1);
  for (int i = 0; i < 10; ++i) logger.Log(LogLevel::kError, "down");
  EXPECT_THAT(Lines(), SizeIs(10));
}

TEST(RepeatLimit, ForgetsNothingForManyKeysButStaysBounded) {
  RepeatLimit limit(
      {.burst = 1, .interval = absl::Seconds(10), .forget_after = absl::Minutes(1), .max_keys = 2});
  EXPECT_TRUE(limit.Admit("a", kStart).write);
  EXPECT_TRUE(limit.Admit("b", kStart).write);
  EXPECT_TRUE(limit.Admit("c", kStart).write);
  EXPECT_FALSE(limit.Admit("d", kStart).write);  // counts as one with c
  EXPECT_FALSE(limit.Admit("a", kStart).write);
}

TEST_F(LogTest, LibrdkafkaLinesKeepTheirSeverity) {
  Logger logger = Make(LogFormat::kText, LogLevel::kDebug);
  logger.LogKafka(3, "FAIL", "localhost:9092/bootstrap: Connect failed");
  logger.LogKafka(4, "CONFWARN", "x");
  logger.LogKafka(6, "INFO", "x");
  logger.LogKafka(7, "DEBUG", "x");
  ASSERT_THAT(Lines(), SizeIs(4));
  EXPECT_THAT(
      Lines()[0],
      HasSubstr("ERROR kafka client facility=FAIL text=\"localhost:9092/bootstrap: Connect"));
  EXPECT_THAT(Lines()[1], HasSubstr("WARN "));
  EXPECT_THAT(Lines()[2], HasSubstr("INFO "));
  EXPECT_THAT(Lines()[3], HasSubstr("DEBUG"));
}

TEST_F(LogTest, ProtobufSpeaksThroughTheLogger) {
  Logger logger = Make(LogFormat::kText);
  v1::InteractionEvent event;
  event.set_event_id("\xff");
  testing::internal::CaptureStderr();
  {
    const ProtobufLog bridge(logger);
    [[maybe_unused]] const std::string bytes = event.SerializeAsString();
  }
  ASSERT_THAT(Lines(), SizeIs(1));
  EXPECT_THAT(Lines()[0], HasSubstr("protobuf text=\"String field"));
  // And never falls back to standard error.
  [[maybe_unused]] const std::string bytes = event.SerializeAsString();
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_THAT(Lines(), SizeIs(1));
}

TEST_F(LogTest, LinesOfManyThreadsStayWhole) {
  Logger logger({.format = LogFormat::kJson, .level = LogLevel::kInfo, .repeat = {.burst = 10'000}},
                out_, [] { return kStart; });
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&logger, t] {
      for (int i = 0; i < 250; ++i) logger.Log(LogLevel::kInfo, "m", {{"thread", t}, {"i", i}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(Lines(), SizeIs(1000));
  for (const std::string& line : Lines()) {
    EXPECT_THAT(line,
                ::testing::MatchesRegex(R"(\{"time":.*"message":"m","thread":[0-3],"i":[0-9]+\})"));
  }
}

TEST(LogSettings, ComeFromTheirNames) {
  EXPECT_EQ(LogFormatFrom("auto", true), LogFormat::kText);
  EXPECT_EQ(LogFormatFrom("auto", false), LogFormat::kJson);
  EXPECT_EQ(LogFormatFrom("text", false), LogFormat::kText);
  EXPECT_EQ(LogFormatFrom("json", true), LogFormat::kJson);
  EXPECT_EQ(LogLevelFrom("debug"), LogLevel::kDebug);
  EXPECT_EQ(LogLevelFrom("info"), LogLevel::kInfo);
  EXPECT_EQ(LogLevelFrom("warning"), LogLevel::kWarning);
  EXPECT_EQ(LogLevelFrom("error"), LogLevel::kError);
}

}  // namespace
}  // namespace peakend::runtime
