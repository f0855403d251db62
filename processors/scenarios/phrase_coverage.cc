#include "processors/scenarios/phrase_coverage.h"

#include <algorithm>
#include <utility>

namespace peakend::scenarios {
namespace {

using affect::PhraseSet;

// The ideographs from U+3400 to U+9FFF, and those from U+20000 on.
bool HasIdeograph(std::string_view text) {
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    const auto first = static_cast<unsigned char>(text[i]);
    const auto second = static_cast<unsigned char>(text[i + 1]);
    if (first >= 0xE4 && first <= 0xE9) return true;
    if (first == 0xE3 && second >= 0x90) return true;
    if (first == 0xF0 && second >= 0xA0) return true;
  }
  return false;
}

}  // namespace

std::optional<Language> LanguageOf(std::string_view says) {
  if (HasIdeograph(says)) return Language::kChinese;
  const bool ascii = std::all_of(says.begin(), says.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return ascii ? std::optional<Language>(Language::kEnglish) : std::nullopt;
}

absl::StatusOr<PhraseCoverage> PhraseCoverage::Make(const v1::Policy& policy) {
  PhraseCoverage coverage;
  for (const Language language : {Language::kEnglish, Language::kChinese}) {
    OfLanguage& of = language == Language::kEnglish ? coverage.english_ : coverage.chinese_;
    std::vector<affect::Phrase> phrases;
    for (const v1::PhrasePolicy& entry : policy.phrases()) {
      const std::optional<affect::PhraseClass> named = affect::PhraseClassNamed(entry.class_());
      if (!named || LanguageOf(entry.says()) != language) continue;
      const absl::StatusOr<std::vector<std::string>> says = affect::SplitPhrases(entry.says());
      if (!says.ok()) return says.status();
      for (const std::string& phrase : *says) phrases.push_back({*named, phrase});
      of.there |= affect::SetOf(*named);
    }
    absl::StatusOr<affect::PhraseBook> book = affect::PhraseBook::Make(phrases);
    if (!book.ok()) return book.status();
    of.book = *std::move(book);
  }
  return coverage;
}

void PhraseCoverage::Add(const StoryFacts& facts) {
  for (const SpokenTurn& turn : facts.turns) {
    for (OfLanguage* of : {&english_, &chinese_}) {
      const PhraseSet found = of->book.Find(turn.text);
      of->said |= turn.by_customer ? found & ~affect::kAgentActs : found & affect::kAgentActs;
    }
  }
}

std::vector<PhraseClassCoverage> PhraseCoverage::Result() const {
  std::vector<PhraseClassCoverage> classes;
  for (size_t i = 0; i < affect::kPhraseClasses; ++i) {
    const auto of = static_cast<affect::PhraseClass>(i);
    const auto covered = [&](const OfLanguage& language) -> std::optional<bool> {
      if (!affect::Holds(language.there, of)) return std::nullopt;
      return affect::Holds(language.said, of);
    };
    PhraseClassCoverage coverage = {std::string(affect::PhraseClassName(of)), covered(english_),
                                    covered(chinese_)};
    if (coverage.english || coverage.chinese) classes.push_back(std::move(coverage));
  }
  return classes;
}

}  // namespace peakend::scenarios
