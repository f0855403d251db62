// What a turn says about its speaker's feeling, and when it says nothing.
#include "processors/affect/affect.h"

#include <gtest/gtest.h>

namespace peakend::affect {
namespace {

using ingest::EventView;
using ingest::SentimentView;

SentimentView Labelled(int label) {
  SentimentView sentiment;
  sentiment.label = label;
  return sentiment;
}

// By the customer "c".
EventView CustomerTurn(double score) {
  EventView event;
  event.customer_id = "c";
  event.payload = v1::InteractionEvent::kTurn;
  event.turn.role = v1::Turn::CUSTOMER;
  event.sentiment.emplace().score = score;
  return event;
}

TEST(AffectTest, ReadsLabels) {
  EXPECT_EQ(FromSentiment(Labelled(v1::Sentiment::NEGATIVE))->valence, -kNanoOne);
  EXPECT_EQ(FromSentiment(Labelled(v1::Sentiment::NEUTRAL))->valence, 0);
  EXPECT_EQ(FromSentiment(Labelled(v1::Sentiment::MIXED))->valence, 0);
  EXPECT_EQ(FromSentiment(Labelled(v1::Sentiment::POSITIVE))->valence, kNanoOne);
}

TEST(AffectTest, PrefersTheScoreToTheLabel) {
  SentimentView sentiment = Labelled(v1::Sentiment::NEGATIVE);
  sentiment.score = 0.25;
  EXPECT_EQ(FromSentiment(sentiment)->valence, 250'000'000);
  sentiment.score = 0;
  EXPECT_EQ(FromSentiment(sentiment)->valence, 0);
}

TEST(AffectTest, MissingIsNotNeutral) {
  EXPECT_FALSE(FromSentiment(SentimentView()).has_value());
  EXPECT_FALSE(FromSentiment(Labelled(99)).has_value());
  EventView event = CustomerTurn(0.5);
  event.sentiment.reset();
  EXPECT_FALSE(FromTurn(event).has_value());
}

// Ingest turns a raw number on a scale into a score; a bare one means nothing.
TEST(AffectTest, ARawNumberWithoutAScaleIsNoFeeling) {
  SentimentView sentiment;
  sentiment.scale.raw = 4;
  EXPECT_FALSE(FromSentiment(sentiment).has_value());
  sentiment.score = -0.5;
  EXPECT_EQ(FromSentiment(sentiment)->valence, -500'000'000);
}

TEST(AffectTest, ConfidenceIsOneWhereNoneIsGiven) {
  SentimentView sentiment = Labelled(v1::Sentiment::POSITIVE);
  EXPECT_EQ(FromSentiment(sentiment)->confidence, kNanoOne);
  EXPECT_FALSE(FromSentiment(sentiment)->has_confidence);
  sentiment.confidence = 0;
  EXPECT_EQ(FromSentiment(sentiment)->confidence, 0);
  EXPECT_TRUE(FromSentiment(sentiment)->has_confidence);
}

TEST(AffectTest, OnlyFinalTurnsCount) {
  EventView event = CustomerTurn(-1);
  EXPECT_TRUE(FromTurn(event).has_value());
  event.turn.is_final = true;
  EXPECT_TRUE(FromTurn(event).has_value());
  event.turn.is_final = false;
  EXPECT_FALSE(FromTurn(event).has_value());
}

TEST(AffectTest, OnlyTheKeyedCustomerFeels) {
  EventView event = CustomerTurn(-1);
  event.turn.customer_id = "c";
  EXPECT_TRUE(FromTurn(event).has_value());
  event.turn.customer_id = "d";
  EXPECT_FALSE(FromTurn(event).has_value());
  event.turn.customer_id = {};
  for (const v1::Turn::Role role :
       {v1::Turn::ROLE_UNSPECIFIED, v1::Turn::AGENT, v1::Turn::BOT, v1::Turn::SUPERVISOR,
        v1::Turn::INTERPRETER, v1::Turn::THIRD_PARTY, v1::Turn::SYSTEM}) {
    event.turn.role = role;
    EXPECT_FALSE(FromTurn(event).has_value()) << role;
  }
}

TEST(AffectTest, WordsTellHowSureAFeelingIs) {
  const Affect good{800'000'000, 900'000'000, true};
  const Affect sure{800'000'000, kNanoOne, false};
  const auto said = [](const std::optional<Affect>& affect, PhraseSet words) {
    const std::optional<Affect> left = AsSaid(affect, words);
    EXPECT_TRUE(left.has_value());
    return left.value_or(Affect{}).confidence;
  };
  EXPECT_EQ(said(good, 0), 900'000'000);
  EXPECT_EQ(said(good, SetOf(PhraseClass::kSarcasm)), 450'000'000);
  EXPECT_EQ(said(good, SetOf(PhraseClass::kFormula)), 200'000'000);
  EXPECT_EQ(said(sure, SetOf(PhraseClass::kSarcasm)), 500'000'000);
  EXPECT_TRUE(AsSaid(sure, SetOf(PhraseClass::kSarcasm))->has_confidence);
  EXPECT_FALSE(AsSaid(sure, SetOf(PhraseClass::kResignation))->has_confidence);
  EXPECT_EQ(AsSaid(good, SetOf(PhraseClass::kSarcasm))->valence, good.valence);
}

TEST(AffectTest, WhoGivesUpUnmeasuredFeelsBadly) {
  EXPECT_FALSE(AsSaid(std::nullopt, SetOf(PhraseClass::kSarcasm)).has_value());
  const std::optional<Affect> resigned = AsSaid(std::nullopt, SetOf(PhraseClass::kResignation));
  ASSERT_TRUE(resigned.has_value());
  EXPECT_EQ(resigned->valence, -400'000'000);
  EXPECT_EQ(resigned->confidence, 300'000'000);
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
