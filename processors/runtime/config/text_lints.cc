#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/affect/phrase_book.h"
#include "processors/runtime/config/nearest_name.h"
#include "processors/runtime/config/policy_lints.h"

namespace peakend::runtime {
namespace {

// The names that stand in braces, such as `queue` of "{queue}"; each once, the first 16 of them.
std::vector<std::string> BracedNames(std::string_view text) {
  constexpr size_t kMostNames = 16;
  std::vector<std::string> names;
  for (size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open)) {
    ++open;
    size_t end = open;
    while (end < text.size() &&
           (absl::ascii_isalpha(static_cast<unsigned char>(text[end])) || text[end] == '_')) {
      ++end;
    }
    if (end == open || end >= text.size() || text[end] != '}') continue;
    const std::string_view name = text.substr(open, end - open);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
    if (names.size() == kMostNames) break;
  }
  return names;
}

void LintBraces(const std::string& text, const std::string& path,
                const std::vector<std::string>& known, LoadState& state) {
  for (const std::string& name : BracedNames(text)) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string nearest = NearestName(name, known);
    state.problems.Warning(
        WrittenOrigin(state.origins, {path}),
        {"PE0060", absl::StrCat("nothing fills in ", Quoted("{" + name + "}")),
         nearest.empty() ? absl::StrCat("known here: ", absl::StrJoin(known, ", "))
                         : absl::StrCat("did you mean `{", nearest, "}`?")});
  }
}

void LintMessages(const v1::Policy& policy, LoadState& state) {
  for (int i = 0; i < policy.rules_size(); ++i) {
    const v1::RulePolicy& rule = policy.rules(i);
    std::vector<std::string> known = {"score", "valence", "queue", "contact"};
    if (rule.on() == "returning") known.emplace_back("days");
    const std::string path = absl::StrCat("rules[", i, "].message_");
    LintBraces(rule.message_en(), path + "en", known, state);
    LintBraces(rule.message_zh(), path + "zh", known, state);
  }
  for (int i = 0; i < policy.openings_size(); ++i) {
    const std::string path = absl::StrCat("openings[", i, "].say_");
    LintBraces(policy.openings(i).say_en(), path + "en", {"ago"}, state);
    LintBraces(policy.openings(i).say_zh(), path + "zh", {"ago"}, state);
  }
}

// Agents and customers are listened to for different classes.
bool IsSaidByAgents(std::string_view name) {
  const auto of = affect::PhraseClassNamed(name);
  return of && affect::Holds(affect::kAgentActs, *of);
}

void LintPhrases(const v1::Policy& policy, LoadState& state) {
  std::map<std::pair<bool, std::string>, std::string> class_of;
  for (int i = 0; i < policy.phrases_size(); ++i) {
    const v1::PhrasePolicy& row = policy.phrases(i);
    const auto says = affect::SplitPhrases(row.says());
    if (row.class_().empty() || !says.ok()) continue;
    for (const std::string& phrase : *says) {
      const auto [known, added] = class_of.emplace(
          std::make_pair(IsSaidByAgents(row.class_()), absl::AsciiStrToLower(phrase)),
          row.class_());
      if (added) continue;
      const bool same = known->second == row.class_();
      state.problems.Warning(
          WrittenOrigin(state.origins, {absl::StrCat("phrases[", i, "].says")}),
          {"PE0059",
           same ? absl::StrCat("phrase ", Quoted(phrase), " stands twice in the class ",
                               Quoted(row.class_()))
                : absl::StrCat("phrase ", Quoted(phrase), " is of two classes, ",
                               Quoted(known->second), " and ", Quoted(row.class_())),
           same ? "" : "whoever says it counts for both"});
    }
  }
}

}  // namespace

void LintTexts(const v1::Policy& policy, LoadState& state) {
  LintMessages(policy, state);
  LintPhrases(policy, state);
}

}  // namespace peakend::runtime
