#include "benchmarks/load/wording.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace peakend::load {
namespace {

constexpr absl::string_view kClassNames[] = {"",        "greeting", "need",      "talk",  "ask",
                                             "explain", "apology",  "next_step", "thanks"};
constexpr absl::string_view kFeelingNames[] = {"awful", "bad", "neutral", "good", "great"};
// Where one feeling ends and the next begins.
constexpr double kFeelingEnds[] = {-0.6, -0.25, 0.25, 0.6};

std::string_view Std(absl::string_view text) { return {text.data(), text.size()}; }

}  // namespace

Wording::Wording(std::string_view texts) {
  for (const absl::string_view line :
       absl::StrSplit(absl::string_view(texts.data(), texts.size()), '\n', absl::SkipEmpty())) {
    if (line[0] != '#') ReadLine(Std(line));
  }
}

void Wording::ReadLine(std::string_view line) {
  const size_t colon = line.find(": ");
  absl::string_view name(line.data(), colon);
  const std::string_view text = line.substr(colon + 2);
  if (absl::ConsumePrefix(&name, "slot.")) {
    slot_names_.push_back(Std(name));
    std::vector<std::string_view>& values = slots_.emplace_back();
    for (const absl::string_view value :
         absl::StrSplit(absl::string_view(text.data(), text.size()), ", ")) {
      values.push_back(Std(value));
    }
    return;
  }
  if (absl::ConsumePrefix(&name, "talk.")) {
    const auto* const found = std::find(std::begin(kFeelingNames), std::end(kFeelingNames), name);
    talk_[static_cast<size_t>(found - kFeelingNames)].push_back(Parse(text));
    return;
  }
  const auto* const found = std::find(std::begin(kClassNames), std::end(kClassNames), name);
  classes_[static_cast<size_t>(found - kClassNames)].push_back(Parse(text));
}

Wording::Sentence Wording::Parse(std::string_view text) const {
  Sentence sentence;
  while (!text.empty()) {
    const size_t open = text.find('{');
    sentence.push_back({text.substr(0, open)});
    if (open == std::string_view::npos) break;
    const size_t close = text.find('}', open);
    const auto slot =
        std::find(slot_names_.begin(), slot_names_.end(), text.substr(open + 1, close - open - 1));
    sentence.push_back({{}, static_cast<int>(slot - slot_names_.begin())});
    text.remove_prefix(close + 1);
  }
  return sentence;
}

size_t Wording::FeelingOf(double feeling) {
  const auto* const end =
      std::upper_bound(std::begin(kFeelingEnds), std::end(kFeelingEnds), feeling);
  return static_cast<size_t>(end - kFeelingEnds);
}

const std::vector<Wording::Sentence>& Wording::ClassOf(load::Say say, size_t feeling) const {
  return say == load::Say::kTalk ? talk_[feeling] : classes_[static_cast<size_t>(say)];
}

void Wording::Say(load::Say say, double feeling, RandomStream& stream, std::string* out) const {
  const std::vector<Sentence>& sentences = ClassOf(say, FeelingOf(feeling));
  if (sentences.empty()) return;
  for (const Piece& piece : sentences[stream.Below(sentences.size())]) {
    if (piece.slot < 0) {
      out->append(piece.text);
    } else {
      const auto& values = slots_[static_cast<size_t>(piece.slot)];
      out->append(values[stream.Below(values.size())]);
    }
  }
}

}  // namespace peakend::load
