// What people say, told by words: an apology, a request for a human, a threat to complain
// elsewhere.
//
// A phrase is found in letters of either case. Where it begins or ends with a letter, digit
// or underscore of ASCII, a word begins or ends there; scripts without blanks between words
// are searched anywhere. A blank in a phrase stands for one or more. Formulas are found only in
// a text of nothing but formulas, blanks and punctuation.
//
// Thread-safety: immutable; any number of threads. Copies share what they hold.
#ifndef PEAKEND_PROCESSORS_AFFECT_PHRASE_BOOK_H_
#define PEAKEND_PROCESSORS_AFFECT_PHRASE_BOOK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace peakend::affect {

// Numbers are written to the changelog as bits: a new one goes to the end.
enum class PhraseClass : uint8_t {
  // What agents do.
  kGreeting,
  kNeedRestated,
  kApology,
  kNextStep,
  kThanks,
  // What customers say.
  kHumanRequest,
  kEscalation,
  kResignation,
  kSarcasm,
  kFormula,  // only where a turn says nothing else
};
inline constexpr size_t kPhraseClasses = 10;

// A bit per class.
using PhraseSet = uint32_t;
inline constexpr PhraseSet SetOf(PhraseClass of) { return 1U << static_cast<uint32_t>(of); }
inline constexpr bool Holds(PhraseSet set, PhraseClass of) { return (set & SetOf(of)) != 0; }
inline constexpr PhraseSet kAgentActs =
    SetOf(PhraseClass::kGreeting) | SetOf(PhraseClass::kNeedRestated) |
    SetOf(PhraseClass::kApology) | SetOf(PhraseClass::kNextStep) | SetOf(PhraseClass::kThanks);

// As in PhrasePolicy.class.
std::string_view PhraseClassName(PhraseClass of);
std::optional<PhraseClass> PhraseClassNamed(std::string_view name);

struct Phrase {
  PhraseClass of = PhraseClass::kGreeting;
  std::string says;
};

// The phrases that stand between | in `says`, as PhrasePolicy has them; without blanks
// around. Errors: InvalidArgument = none, too many, or one that is too long.
absl::StatusOr<std::vector<std::string>> SplitPhrases(std::string_view says);

class PhraseBook {
 public:
  // So many can be searched for in linear time.
  static constexpr size_t kMostBytes = size_t{32} << 10;

  // Knows nothing.
  PhraseBook() = default;
  // Blanks around a phrase are removed. Errors: InvalidArgument = an empty phrase, or all
  // together are longer than kMostBytes.
  static absl::StatusOr<PhraseBook> Make(absl::Span<const Phrase> phrases);

  bool empty() const { return patterns_ == nullptr; }
  // The classes that `text` says something of. Linear in its length.
  PhraseSet Find(std::string_view text) const;

 private:
  struct Patterns;
  std::shared_ptr<const Patterns> patterns_;
};

}  // namespace peakend::affect

#endif  // PEAKEND_PROCESSORS_AFFECT_PHRASE_BOOK_H_
