#include "processors/cli/import_command.h"

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/delimited_message_util.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "peakend/v1/interaction_event.pb.h"
#include "processors/cli/command_line.h"

namespace peakend::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

struct Result {
  ExitCode code;
  std::string out;
  std::string err;
};

Result Import(std::vector<std::string> flags, const std::string& input) {
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  Invocation call;
  call.in = &in;
  call.out = &out;
  call.err = &err;
  flags.insert(flags.begin(), {"import", "conversations"});
  const ExitCode code = RunCommandLine({ImportCommand()}, flags, call);
  return {code, out.str(), err.str()};
}

// A conversation of `turns` rated customer turns.
std::string Conversation(const std::string& id, int turns) {
  std::string line = R"({"conversation_id":")" + id + R"(","customer_id":"p-)" + id +
                     R"(","turn_scale":[1,5],"outcome":[9],"turns":[)";
  for (int seq = 1; seq <= turns; ++seq) {
    line += (seq > 1 ? "," : "") + std::string(R"({"seq":)") + std::to_string(seq) +
            R"(,"role":"customer","ratings":[4,5]})";
  }
  return line + "]}\n";
}

std::vector<v1::InteractionEvent> Events(const std::string& ndjson) {
  std::vector<v1::InteractionEvent> events;
  std::istringstream lines(ndjson);
  for (std::string line; std::getline(lines, line);) {
    events.emplace_back();
    const auto status = google::protobuf::util::JsonStringToMessage(line, &events.back());
    EXPECT_TRUE(status.ok()) << status << "\n" << line;
  }
  return events;
}

std::vector<std::string> Ids(const std::string& ndjson) {
  std::vector<std::string> ids;
  for (const auto& event : Events(ndjson)) ids.push_back(event.event_id());
  return ids;
}

TEST(ImportCommandTest, OverlappingConversationsComeInTimeOrder) {
  const Result result = Import({}, Conversation("a", 5) + "\n" + Conversation("b", 2));
  EXPECT_EQ(result.code, ExitCode::kOk);
  // b starts 60 s after a, together with a's fourth turn.
  EXPECT_THAT(Ids(result.out), ElementsAre("a/1", "a/2", "a/3", "a/4", "b/1", "a/5", "b/2"));
  const auto events = Events(result.out);
  EXPECT_EQ(events.front().source(), "conversations/stdin");
  EXPECT_EQ(events.front().occurred_at_ms(), 1'736'154'000'000);
  EXPECT_DOUBLE_EQ(events.front().turn().sentiment().raw(), 4.5);
  EXPECT_EQ(result.err, "2 conversations, 7 events, 0 bad lines\n");
}

TEST(ImportCommandTest, BadLinesAreNamedAndTheRestGoesOn) {
  const Result result =
      Import({"-"}, "{\"secret\n" + Conversation("a", 1) + "{}\n" + Conversation("b", 1));
  EXPECT_EQ(result.code, ExitCode::kBadData);
  EXPECT_THAT(Ids(result.out), ElementsAre("a/1", "b/1"));
  EXPECT_THAT(result.err, HasSubstr("error: -:1: not JSON from byte"));
  EXPECT_THAT(result.err, HasSubstr("error: -:3: conversation_id: missing\n"));
  EXPECT_THAT(result.err, HasSubstr("2 conversations, 2 events, 2 bad lines\n"));
  EXPECT_THAT(result.err, Not(HasSubstr("secret")));
}

TEST(ImportCommandTest, ManyBadLinesAreCounted) {
  std::string input;
  for (int i = 0; i < 50; ++i) input += "x\n";
  const Result result = Import({}, input);
  EXPECT_EQ(result.code, ExitCode::kBadData);
  EXPECT_THAT(result.err, HasSubstr("error: 30 more lines like these\n"));
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 22);
}

TEST(ImportCommandTest, LimitCountsConversations) {
  const std::string three = Conversation("a", 2) + Conversation("b", 2) + Conversation("c", 2);
  EXPECT_THAT(Ids(Import({"--limit", "2"}, three).out), ElementsAre("a/1", "a/2", "b/1", "b/2"));
  EXPECT_EQ(Import({"--limit", "0"}, three).out, "");
  EXPECT_EQ(Import({"--limit", "-1"}, three).code, ExitCode::kUsage);
}

TEST(ImportCommandTest, BinaryHoldsTheSameEvents) {
  const std::string input = Conversation("a", 3) + Conversation("b", 3);
  const auto expected = Events(Import({}, input).out);
  const std::string bytes = Import({"--format", "binary"}, input).out;
  google::protobuf::io::ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()));
  std::vector<std::string> read;
  v1::InteractionEvent event;
  while (google::protobuf::util::ParseDelimitedFromZeroCopyStream(&event, &stream, nullptr)) {
    read.push_back(event.SerializeAsString());
    event.Clear();
  }
  ASSERT_EQ(read.size(), expected.size());
  for (size_t i = 0; i < read.size(); ++i) EXPECT_EQ(read[i], expected[i].SerializeAsString());
}

TEST(ImportCommandTest, QuietSaysNothingWhenAllIsWell) {
  EXPECT_EQ(Import({"--quiet"}, Conversation("a", 1)).err, "");
}

TEST(ImportCommandTest, AMissingFileIsNamed) {
  const Result result = Import({"/nowhere/x.jsonl"}, "");
  EXPECT_EQ(result.code, ExitCode::kUsage);
  EXPECT_THAT(result.err, HasSubstr("cannot read `/nowhere/x.jsonl`: No such file"));
}

}  // namespace
}  // namespace peakend::cli
