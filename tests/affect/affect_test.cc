// What a turn says about its speaker's feeling, and when it says nothing.
#include "processors/affect/affect.h"

#include <gtest/gtest.h>

namespace peakend::affect {
namespace {

v1::Sentiment Labelled(v1::Sentiment::Label label) {
  v1::Sentiment sentiment;
  sentiment.set_label(label);
  return sentiment;
}

v1::Turn CustomerTurn(double score) {
  v1::Turn turn;
  turn.set_role(v1::Turn::CUSTOMER);
  turn.mutable_sentiment()->set_score(score);
  return turn;
}

TEST(AffectTest, ReadsLabels) {
  EXPECT_EQ(FromSentiment(Labelled(v1::Sentiment::NEGATIVE))->valence, -kNanoOne);
  EXPECT_EQ(FromSentiment(Labelled(v1::Sentiment::NEUTRAL))->valence, 0);
  EXPECT_EQ(FromSentiment(Labelled(v1::Sentiment::MIXED))->valence, 0);
  EXPECT_EQ(FromSentiment(Labelled(v1::Sentiment::POSITIVE))->valence, kNanoOne);
}

TEST(AffectTest, PrefersTheScoreToTheLabel) {
  v1::Sentiment sentiment = Labelled(v1::Sentiment::NEGATIVE);
  sentiment.set_score(0.25);
  EXPECT_EQ(FromSentiment(sentiment)->valence, 250'000'000);
  sentiment.set_score(0);
  EXPECT_EQ(FromSentiment(sentiment)->valence, 0);
}

TEST(AffectTest, MissingIsNotNeutral) {
  EXPECT_FALSE(FromSentiment(v1::Sentiment()).has_value());
  EXPECT_FALSE(FromSentiment(Labelled(static_cast<v1::Sentiment::Label>(99))).has_value());
  v1::Turn turn = CustomerTurn(0.5);
  turn.clear_sentiment();
  EXPECT_FALSE(FromTurn(turn, "c").has_value());
}

// Ingest turns a raw number on a scale into a score; a bare one means nothing.
TEST(AffectTest, ARawNumberWithoutAScaleIsNoFeeling) {
  v1::Sentiment sentiment;
  sentiment.set_raw(4);
  EXPECT_FALSE(FromSentiment(sentiment).has_value());
  sentiment.set_score(-0.5);
  EXPECT_EQ(FromSentiment(sentiment)->valence, -500'000'000);
}

TEST(AffectTest, ConfidenceIsOneWhereNoneIsGiven) {
  v1::Sentiment sentiment = Labelled(v1::Sentiment::POSITIVE);
  EXPECT_EQ(FromSentiment(sentiment)->confidence, kNanoOne);
  EXPECT_FALSE(FromSentiment(sentiment)->has_confidence);
  sentiment.set_confidence(0);
  EXPECT_EQ(FromSentiment(sentiment)->confidence, 0);
  EXPECT_TRUE(FromSentiment(sentiment)->has_confidence);
}

TEST(AffectTest, OnlyFinalTurnsCount) {
  v1::Turn turn = CustomerTurn(-1);
  EXPECT_TRUE(FromTurn(turn, "c").has_value());
  turn.set_is_final(true);
  EXPECT_TRUE(FromTurn(turn, "c").has_value());
  turn.set_is_final(false);
  EXPECT_FALSE(FromTurn(turn, "c").has_value());
}

TEST(AffectTest, OnlyTheKeyedCustomerFeels) {
  v1::Turn turn = CustomerTurn(-1);
  turn.set_customer_id("c");
  EXPECT_TRUE(FromTurn(turn, "c").has_value());
  EXPECT_FALSE(FromTurn(turn, "d").has_value());
  turn.clear_customer_id();
  for (const v1::Turn::Role role :
       {v1::Turn::ROLE_UNSPECIFIED, v1::Turn::AGENT, v1::Turn::BOT, v1::Turn::SUPERVISOR,
        v1::Turn::INTERPRETER, v1::Turn::THIRD_PARTY, v1::Turn::SYSTEM}) {
    turn.set_role(role);
    EXPECT_FALSE(FromTurn(turn, "c").has_value()) << role;
  }
}

TEST(LevelTest, RoundsHalfAwayFromZero) {
  EXPECT_EQ(DivideRounded(5, 2), 3);
  EXPECT_EQ(DivideRounded(-5, 2), -3);
  EXPECT_EQ(DivideRounded(4, 3), 1);
  EXPECT_EQ(DivideRounded(-4, 3), -1);
  EXPECT_EQ(ToNano(2), kNanoOne);
  EXPECT_EQ(ToNano(-2), -kNanoOne);
  EXPECT_EQ(ToNano(0.1234567891), 123'456'789);
}

}  // namespace
}  // namespace peakend::affect
