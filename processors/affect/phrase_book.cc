#include "processors/affect/phrase_book.h"

#include <re2/re2.h>
#include <re2/set.h>

#include <array>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace peakend::affect {
namespace {

constexpr std::array<std::string_view, kPhraseClasses> kNames = {
    "greeting",      "need_restated", "apology",     "next_step", "thanks",
    "human_request", "escalation",    "resignation", "sarcasm",   "formula"};

bool IsWordByte(char byte) { return absl::ascii_isalnum(byte) || byte == '_'; }

// REQUIRES: `phrase` is not empty, and no blank stands around it.
std::string PatternOf(absl::string_view phrase) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(phrase, absl::ByAnyChar(" \t\n\r"), absl::SkipEmpty());
  std::string pattern = IsWordByte(phrase.front()) ? "\\b" : "";
  absl::StrAppend(&pattern,
                  absl::StrJoin(words, "\\s+", [](std::string* out, absl::string_view word) {
                    out->append(re2::RE2::QuoteMeta({word.data(), word.size()}));
                  }));
  if (IsWordByte(phrase.back())) pattern += "\\b";
  return pattern;
}

re2::RE2::Options SearchOptions() {
  re2::RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  // With less RE2 falls back to a search whose time grows with the number of phrases.
  options.set_max_mem(int64_t{64} << 20);
  return options;
}

absl::StatusOr<std::unique_ptr<re2::RE2>> Compile(const std::string& pattern) {
  auto compiled = std::make_unique<re2::RE2>(pattern, SearchOptions());
  if (!compiled->ok()) return absl::InvalidArgumentError(compiled->error());
  return compiled;
}

// Of a text that is made of these and says nothing else.
std::string NothingElse(const std::vector<std::string>& patterns) {
  constexpr char kBetween[] = "[\\s\\pP\\pZ]*";
  return absl::StrCat("^", kBetween, "(?:(?:", absl::StrJoin(patterns, "|"), ")", kBetween, ")+$");
}

}  // namespace

struct PhraseBook::Patterns {
  // Of all classes: most turns say nothing that counts.
  std::unique_ptr<re2::RE2> any;
  // Tells which of them, in one search.
  re2::RE2::Set which{SearchOptions(), re2::RE2::UNANCHORED};
  std::vector<PhraseClass> classes;  // in the order of `which`
};

std::string_view PhraseClassName(PhraseClass of) { return kNames[static_cast<size_t>(of)]; }

std::optional<PhraseClass> PhraseClassNamed(std::string_view name) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<PhraseClass>(i);
  }
  return std::nullopt;
}

absl::StatusOr<std::vector<std::string>> SplitPhrases(std::string_view says) {
  constexpr size_t kMostPhrases = 100;
  constexpr size_t kMostBytes = 200;
  std::vector<std::string> phrases;
  for (const absl::string_view phrase :
       absl::StrSplit(absl::string_view(says.data(), says.size()), '|', absl::SkipWhitespace())) {
    phrases.emplace_back(absl::StripAsciiWhitespace(phrase));
    if (phrases.back().size() > kMostBytes) {
      return absl::InvalidArgumentError(
          absl::StrCat("phrase ", phrases.size(), " is longer than ", kMostBytes, " bytes"));
    }
  }
  if (phrases.empty()) return absl::InvalidArgumentError("there is no phrase in it");
  if (phrases.size() > kMostPhrases) {
    return absl::InvalidArgumentError(absl::StrCat("more than ", kMostPhrases, " phrases"));
  }
  return phrases;
}

absl::StatusOr<PhraseBook> PhraseBook::Make(absl::Span<const Phrase> phrases) {
  PhraseBook book;
  if (phrases.empty()) return book;
  size_t bytes = 0;
  std::vector<std::string> all;
  std::array<std::vector<std::string>, kPhraseClasses> of;
  for (const Phrase& phrase : phrases) {
    const absl::string_view says = absl::StripAsciiWhitespace(phrase.says);
    if (says.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("an empty phrase of ", std::string(PhraseClassName(phrase.of))));
    }
    bytes += says.size();
    if (bytes > kMostBytes) {
      return absl::InvalidArgumentError(
          absl::StrCat("all phrases together are longer than ", kMostBytes, " bytes"));
    }
    all.push_back(PatternOf(says));
    of[static_cast<size_t>(phrase.of)].push_back(all.back());
  }
  auto patterns = std::make_shared<Patterns>();
  absl::StatusOr<std::unique_ptr<re2::RE2>> any = Compile(absl::StrJoin(all, "|"));
  if (!any.ok()) return any.status();
  patterns->any = *std::move(any);
  for (size_t i = 0; i < of.size(); ++i) {
    if (of[i].empty()) continue;
    const auto phrase_class = static_cast<PhraseClass>(i);
    const std::string pattern =
        phrase_class == PhraseClass::kFormula ? NothingElse(of[i]) : absl::StrJoin(of[i], "|");
    std::string error;
    if (patterns->which.Add(pattern, &error) < 0) return absl::InvalidArgumentError(error);
    patterns->classes.push_back(phrase_class);
  }
  // Once it has room for its search, no text is too much for it.
  if (!patterns->which.Compile()) {
    return absl::InvalidArgumentError("the phrases are too many to search for");
  }
  book.patterns_ = std::move(patterns);
  return book;
}

PhraseSet PhraseBook::Find(std::string_view text) const {
  if (patterns_ == nullptr || text.empty()) return 0;
  const re2::StringPiece piece(text.data(), text.size());
  if (!re2::RE2::PartialMatch(piece, *patterns_->any)) return 0;
  PhraseSet found = 0;
  std::vector<int> which;
  patterns_->which.Match(piece, &which);
  for (const int i : which) found |= SetOf(patterns_->classes[static_cast<size_t>(i)]);
  return found;
}

}  // namespace peakend::affect
