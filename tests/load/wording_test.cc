#include "benchmarks/load/wording.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "benchmarks/load/embedded.h"

namespace peakend::load {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr Say kAll[] = {Say::kGreeting, Say::kNeed,    Say::kTalk,     Say::kAsk,
                        Say::kExplain,  Say::kApology, Say::kNextStep, Say::kThanks};
constexpr double kFeelings[] = {-0.9, -0.4, 0, 0.4, 0.9};

TEST(WordingTest, EachClassHasSentencesAndAllSlotsAreFilled) {
  for (const char* texts : {kEnglishTexts, kChineseTexts}) {
    const Wording wording(texts);
    for (const Say say : kAll) {
      for (const double feeling : kFeelings) {
        EXPECT_GE(wording.SentencesOf(say, Wording::FeelingOf(feeling)), 2U);
        for (uint64_t number = 0; number < 50; ++number) {
          RandomStream stream(1, Purpose::kText, number);
          std::string text;
          wording.Say(say, feeling, stream, &text);
          EXPECT_FALSE(text.empty());
          EXPECT_THAT(text, Not(HasSubstr("{")));
          EXPECT_THAT(text, Not(HasSubstr("}")));
        }
      }
    }
  }
}

TEST(WordingTest, FeelingsHaveWordsOfTheirOwn) {
  const Wording wording(kEnglishTexts);
  std::set<std::string> told;
  for (const double feeling : kFeelings) {
    std::set<std::string> own;
    for (uint64_t number = 0; number < 200; ++number) {
      RandomStream stream(1, Purpose::kText, number);
      std::string text;
      wording.Say(Say::kTalk, feeling, stream, &text);
      own.insert(text);
    }
    for (const std::string& text : own) EXPECT_TRUE(told.insert(text).second) << text;
  }
}

TEST(WordingTest, WithoutAClassNothingIsSaid) {
  const Wording wording(kEnglishTexts);
  RandomStream stream(1, Purpose::kText, 1);
  std::string text;
  wording.Say(Say::kNothing, 0, stream, &text);
  EXPECT_EQ(text, "");
}

}  // namespace
}  // namespace peakend::load
