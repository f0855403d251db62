#include "processors/adapters/conversations.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace peakend::adapters {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kStart = 1'000'000;

std::vector<v1::InteractionEvent> Read(std::string_view line) {
  absl::StatusOr<std::vector<v1::InteractionEvent>> events =
      ReadConversation(line, "conversations/test", kStart);
  EXPECT_TRUE(events.ok()) << events.status();
  return events.ok() ? *std::move(events) : std::vector<v1::InteractionEvent>();
}

std::string Problem(std::string_view line) {
  const auto events = ReadConversation(line, "conversations/test", kStart);
  EXPECT_EQ(events.status().code(), absl::StatusCode::kInvalidArgument) << line;
  return std::string(events.status().message());
}

// A conversation of one turn with these members.
std::string WithTurn(const std::string& members) {
  return R"({"conversation_id":"c","customer_id":"p","turn_scale":[1,5],"turns":[{)" + members +
         "}]}";
}

TEST(ConversationsTest, TurnsBecomeEventsTwentySecondsApart) {
  const auto events =
      Read(R"({"conversation_id":"c1","customer_id":"p1","language":"zh","channel":"CHAT",)"
           R"("turn_scale":[1,5],"turns":[)"
           R"({"seq":1,"role":"customer","text":"水管漏了","ratings":[2,3,3]},)"
           R"({"seq":2,"role":"agent","text":"sorry"},{"seq":4,"role":"customer","ratings":[5]}],)"
           R"("outcome_scale":[1,5],"outcome":[1,1]})");
  ASSERT_EQ(events.size(), 3U);
  const v1::InteractionEvent& first = events[0];
  EXPECT_EQ(first.event_id(), "c1/1");
  EXPECT_EQ(first.source(), "conversations/test");
  EXPECT_EQ(first.tenant_id(), "");
  EXPECT_EQ(first.customer().customer_id(), "p1");
  EXPECT_EQ(first.contact().contact_id(), "c1");
  EXPECT_EQ(first.channel(), v1::CHANNEL_CHAT);
  EXPECT_EQ(first.language(), "zh");
  EXPECT_EQ(first.occurred_at_ms(), kStart);
  EXPECT_EQ(first.turn().role(), v1::Turn::CUSTOMER);
  EXPECT_EQ(first.turn().text(), "水管漏了");
  EXPECT_EQ(first.turn().item_id(), "1");
  EXPECT_TRUE(first.turn().is_final());
  EXPECT_EQ(events[1].turn().role(), v1::Turn::AGENT);
  EXPECT_EQ(events[1].occurred_at_ms(), kStart + 20'000);
  EXPECT_EQ(events[2].event_id(), "c1/4");
  EXPECT_EQ(events[2].occurred_at_ms(), kStart + 40'000);
}

TEST(ConversationsTest, TheMeanRatingIsTheRawSentiment) {
  const auto events = Read(WithTurn(R"("seq":1,"role":"customer","ratings":[2,3,3,4.5])"));
  ASSERT_EQ(events.size(), 1U);
  const v1::Sentiment& sentiment = events[0].turn().sentiment();
  EXPECT_DOUBLE_EQ(sentiment.raw(), 3.125);
  EXPECT_EQ(sentiment.raw_min(), 1);
  EXPECT_EQ(sentiment.raw_max(), 5);
  EXPECT_EQ(sentiment.scale_id(), "likert-1-5");
  EXPECT_EQ(sentiment.producer(), "human-rating");
  EXPECT_FALSE(sentiment.has_score());
}

TEST(ConversationsTest, SentimentOfEitherRoleIsKept) {
  const auto events =
      Read(R"({"conversation_id":"c","customer_id":"p","turn_scale":[1,3],"turns":[)"
           R"({"seq":1,"role":"customer","sentiment":1},{"seq":2,"role":"agent","sentiment":3}]})");
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].turn().sentiment().raw(), 1);
  EXPECT_EQ(events[0].turn().sentiment().scale_id(), "likert-1-3");
  EXPECT_EQ(events[1].turn().sentiment().raw(), 3);
}

TEST(ConversationsTest, UnratedTurnsHaveNoSentiment) {
  for (const char* members :
       {R"("seq":1,"role":"customer")", R"("seq":1,"role":"customer","ratings":[])",
        R"("seq":1,"role":"customer","ratings":null,"sentiment":null)"}) {
    const auto events = Read(WithTurn(members));
    ASSERT_EQ(events.size(), 1U) << members;
    EXPECT_FALSE(events[0].turn().has_sentiment()) << members;
  }
}

TEST(ConversationsTest, NoTurnsNoEvents) {
  EXPECT_TRUE(Read(R"({"conversation_id":"c","customer_id":"p","turns":[]})").empty());
}

TEST(ConversationsTest, ProblemsNameTheFieldAndNeverItsContent) {
  EXPECT_THAT(Problem(""), HasSubstr("not JSON"));
  EXPECT_THAT(Problem(R"({"conversation_id":"c)"), HasSubstr("not JSON from byte"));
  EXPECT_THAT(Problem(R"({} {})"), HasSubstr("not JSON from byte"));
  EXPECT_EQ(Problem("[1]"), "not a JSON object");
  EXPECT_EQ(Problem(R"({"customer_id":"secret"})"), "conversation_id: missing");
  EXPECT_EQ(Problem(R"({"conversation_id":"c"})"), "customer_id: missing");
  EXPECT_EQ(Problem(R"({"conversation_id":7,"customer_id":"p"})"), "conversation_id: not a string");
  EXPECT_EQ(Problem(R"({"conversation_id":"c","customer_id":"p","channel":"smoke"})"),
            "channel: unknown channel");
  EXPECT_EQ(Problem(R"({"conversation_id":"c","customer_id":"p","turn_scale":[5,1]})"),
            "turn_scale: not [min, max] with min < max");
  EXPECT_EQ(Problem(R"({"conversation_id":"c","customer_id":"p"})"), "turns: not an array");
  EXPECT_EQ(Problem(R"({"conversation_id":"c","customer_id":"p","turns":[7]})"),
            "turns[0].not an object");
  EXPECT_EQ(Problem(WithTurn(R"("role":"customer")")), "turns[0].seq: not a whole number");
  EXPECT_EQ(Problem(WithTurn(R"("seq":1)")), "turns[0].role: missing");
  EXPECT_EQ(Problem(WithTurn(R"("seq":1,"role":"ghost")")), "turns[0].role: unknown role");
  EXPECT_EQ(Problem(WithTurn(R"("seq":1,"role":"agent"},{"seq":1,"role":"agent")")),
            "turns[1].seq: not above the one before");
  EXPECT_EQ(Problem(WithTurn(R"("seq":1,"role":"agent","text":7)")), "turns[0].text: not a string");
  EXPECT_EQ(Problem(WithTurn(R"("seq":1,"role":"agent","ratings":3)")),
            "turns[0].ratings: not an array");
  EXPECT_EQ(Problem(WithTurn(R"("seq":1,"role":"agent","ratings":["3"])")),
            "turns[0].ratings: not a number");
  EXPECT_EQ(Problem(WithTurn(R"("seq":1,"role":"agent","ratings":[6])")),
            "turns[0].ratings: outside turn_scale");
  EXPECT_EQ(Problem(WithTurn(R"("seq":1,"role":"agent","sentiment":"good")")),
            "turns[0].sentiment: not a number");
  EXPECT_EQ(Problem(R"({"conversation_id":"c","customer_id":"p","turns":[)"
                    R"({"seq":1,"role":"customer","sentiment":2}]})"),
            "turns[0].sentiment: turn_scale is missing");
}

TEST(ConversationsTest, DeepNestingIsRefused) {
  EXPECT_THAT(Problem(std::string(100'000, '[')), HasSubstr("not JSON"));
}

TEST(ConversationsTest, ConversationsStartOnMondayMorning) {
  EXPECT_EQ(ConversationStartMs(0), 1'736'154'000'000);
  EXPECT_EQ(ConversationStartMs(3), 1'736'154'180'000);
}

}  // namespace
}  // namespace peakend::adapters
