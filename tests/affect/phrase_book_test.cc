// Which words say what, in scripts with blanks and without.
#include "processors/affect/phrase_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace peakend::affect {
namespace {

using ::testing::HasSubstr;

PhraseBook Book(const std::vector<Phrase>& phrases) {
  absl::StatusOr<PhraseBook> book = PhraseBook::Make(phrases);
  EXPECT_TRUE(book.ok()) << book.status();
  return *std::move(book);
}

PhraseSet Apology(std::string_view says, std::string_view text) {
  return Book({{PhraseClass::kApology, std::string(says)}}).Find(text);
}

constexpr PhraseSet kFound = SetOf(PhraseClass::kApology);

TEST(PhraseBookTest, FindsWordsInEitherCase) {
  EXPECT_EQ(Apology("sorry", "Sorry."), kFound);
  EXPECT_EQ(Apology("Sorry", "I am SORRY about it"), kFound);
  EXPECT_EQ(Apology("sorry", "I regret it"), 0U);
}

TEST(PhraseBookTest, AWordEndsWhereItEnds) {
  EXPECT_EQ(Apology("sue", "a tissue"), 0U);
  EXPECT_EQ(Apology("sue", "sued"), 0U);
  EXPECT_EQ(Apology("sue", "sue_x"), 0U);
  EXPECT_EQ(Apology("sue", "I'll sue, you'll see"), kFound);
  EXPECT_EQ(Apology("12315", "打12315投诉"), kFound) << "no blank between scripts";
  EXPECT_EQ(Apology("12315", "号码 4123150"), 0U);
}

TEST(PhraseBookTest, FindsChineseAnywhere) {
  EXPECT_EQ(Apology("抱歉", "非常抱歉让您久等"), kFound);
  EXPECT_EQ(Apology("抱歉", "抱 歉"), 0U);
}

TEST(PhraseBookTest, ABlankStandsForSeveral) {
  EXPECT_EQ(Apology("  so   sorry ", "so \t\n sorry"), kFound);
  EXPECT_EQ(Apology("so sorry", "so-sorry"), 0U);
}

TEST(PhraseBookTest, SignsStandForThemselves) {
  EXPECT_EQ(Apology("s.rry (a|b)", "sorry a"), 0U);
  EXPECT_EQ(Apology("s.rry (a|b)", "well s.rry (a|b)!"), kFound);
}

TEST(PhraseBookTest, NamesEachClassThatIsSaid) {
  const PhraseBook book = Book({{PhraseClass::kGreeting, "您好"},
                                {PhraseClass::kGreeting, "good morning"},
                                {PhraseClass::kThanks, "感谢"},
                                {PhraseClass::kEscalation, "曝光"}});
  EXPECT_EQ(book.Find("Good morning 您好，感谢"),
            SetOf(PhraseClass::kGreeting) | SetOf(PhraseClass::kThanks));
  EXPECT_EQ(book.Find("曝光"), SetOf(PhraseClass::kEscalation));
  EXPECT_EQ(book.Find(""), 0U);
}

TEST(PhraseBookTest, KnowsNothingByItself) {
  EXPECT_TRUE(PhraseBook().empty());
  EXPECT_EQ(PhraseBook().Find("sorry"), 0U);
  EXPECT_TRUE(Book({}).empty());
}

TEST(PhraseBookTest, RefusesAnEmptyPhrase) {
  const std::vector<Phrase> phrases = {{PhraseClass::kThanks, " \t"}};
  EXPECT_THAT(std::string(PhraseBook::Make(phrases).status().message()),
              HasSubstr("an empty phrase of thanks"));
}

TEST(PhraseBookTest, TheLargestIsSearchedWholeAndALargerOneRefused) {
  std::vector<Phrase> phrases;
  size_t bytes = 0;
  for (int i = 0; bytes + 16 <= PhraseBook::kMostBytes; ++i) {
    phrases.push_back({PhraseClass::kApology, "phrase " + std::to_string(100'000'000 + i)});
    bytes += phrases.back().says.size();
  }
  const PhraseBook book = Book(phrases);
  std::string text(100'000, 'x');
  EXPECT_EQ(book.Find(text), 0U);
  EXPECT_EQ(book.Find(text + " " + phrases.back().says), kFound);
  phrases.push_back({PhraseClass::kThanks, std::string(100, 'y')});
  EXPECT_THAT(std::string(PhraseBook::Make(phrases).status().message()),
              HasSubstr("longer than 32768 bytes"));
}

TEST(PhraseBookTest, AFormulaIsNothingButFormulas) {
  const PhraseBook book = Book({{PhraseClass::kFormula, "thank you"},
                                {PhraseClass::kFormula, "bye"},
                                {PhraseClass::kFormula, "好的"},
                                {PhraseClass::kFormula, "谢谢"}});
  for (const char* text : {"Thank  you!", "bye, bye.", "好的，谢谢！", "  谢谢好的　", "(BYE)\n"}) {
    EXPECT_EQ(book.Find(text), SetOf(PhraseClass::kFormula)) << text;
  }
  for (const char* text : {"thank you for nothing", "goodbye", "好的吗", "。", "", "bye 1"}) {
    EXPECT_EQ(book.Find(text), 0U) << text;
  }
}

TEST(PhraseBookTest, AFormulaMayBeOfAnotherClassToo) {
  const PhraseBook book = Book({{PhraseClass::kThanks, "thank you"},
                                {PhraseClass::kFormula, "thank you"},
                                {PhraseClass::kFormula, "bye"}});
  const PhraseSet thanks = SetOf(PhraseClass::kThanks);
  const PhraseSet formula = SetOf(PhraseClass::kFormula);
  EXPECT_EQ(book.Find("Thank you, bye."), thanks | formula);
  EXPECT_EQ(book.Find("thank you for nothing"), thanks);
  EXPECT_EQ(book.Find("bye"), formula);
  EXPECT_EQ(book.Find("bye for now"), 0U);
}

TEST(PhraseBookTest, TheLargestOfAllClassesTellsThemApart) {
  std::vector<Phrase> phrases;
  size_t bytes = 0;
  for (size_t i = 0; bytes + 16 <= PhraseBook::kMostBytes; ++i) {
    phrases.push_back({static_cast<PhraseClass>(i % kPhraseClasses),
                       "phrase " + std::to_string(100'000'000 + i)});
    bytes += phrases.back().says.size();
  }
  const PhraseBook book = Book(phrases);
  EXPECT_EQ(book.Find(phrases[0].says + " and " + phrases[12].says),
            SetOf(phrases[0].of) | SetOf(phrases[12].of));
  EXPECT_EQ(book.Find(phrases[9].says + "; " + phrases[19].says), SetOf(PhraseClass::kFormula));
}

TEST(PhraseBookTest, EachNameIsThatOfItsClass) {
  for (size_t i = 0; i < kPhraseClasses; ++i) {
    const auto of = static_cast<PhraseClass>(i);
    EXPECT_EQ(PhraseClassNamed(PhraseClassName(of)), of);
  }
  EXPECT_EQ(PhraseClassNamed("irony"), std::nullopt);
}

}  // namespace
}  // namespace peakend::affect
