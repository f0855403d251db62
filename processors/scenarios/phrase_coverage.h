// Which of a policy's phrases the turns of scenarios say, by class and language.
//
// Thread-safety: none; one owner.
#ifndef PEAKEND_PROCESSORS_SCENARIOS_PHRASE_COVERAGE_H_
#define PEAKEND_PROCESSORS_SCENARIOS_PHRASE_COVERAGE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "peakend/v1/policy.pb.h"
#include "processors/affect/phrase_book.h"
#include "processors/scenarios/story_facts.h"

namespace peakend::scenarios {

enum class Language { kEnglish, kChinese };

// Of an entry of `phrases`: Chinese when it has a Chinese character, so that the numbers among
// them belong to it; English when all of it is ASCII; else neither.
std::optional<Language> LanguageOf(std::string_view says);

struct PhraseClassCoverage {
  std::string of;  // as in PhrasePolicy.class
  // Whether a turn of the side that the class is about says it; absent where the policy has no
  // such phrases.
  std::optional<bool> english;
  std::optional<bool> chinese;
};

class PhraseCoverage {
 public:
  // Errors: InvalidArgument = the phrases cannot be compiled.
  static absl::StatusOr<PhraseCoverage> Make(const v1::Policy& policy);

  void Add(const StoryFacts& facts);
  // In the order of the classes; those without phrases are left out.
  std::vector<PhraseClassCoverage> Result() const;

 private:
  struct OfLanguage {
    affect::PhraseBook book;
    affect::PhraseSet there = 0;
    affect::PhraseSet said = 0;
  };
  OfLanguage english_;
  OfLanguage chinese_;
};

}  // namespace peakend::scenarios

#endif  // PEAKEND_PROCESSORS_SCENARIOS_PHRASE_COVERAGE_H_
