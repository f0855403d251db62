#include "processors/runtime/config/policy_checks.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/affect/level.h"
#include "processors/affect/phrase_book.h"
#include "processors/alerts/rule.h"
#include "processors/publish/duration.h"
#include "processors/runtime/config/value_text.h"

namespace peakend::runtime {
namespace {

// Whole milliseconds, as the compiled policy counts: what differs by less is equal there.
// The bounds of a Duration field keep this far below the largest int64.
int64_t Nanos(const google::protobuf::Duration& duration) {
  return publish::Ms(duration) * 1'000'000;
}

void CheckWindows(const v1::WindowPolicy& windows, LoadState& state) {
  const int64_t gap = Nanos(windows.journey_gap());
  const int64_t settled = Nanos(windows.max_out_of_orderness()) + Nanos(windows.allowed_lateness());
  if (gap <= settled) {
    state.problems.Error(
        WrittenOrigin(state.origins, {"windows.journey_gap", "windows.allowed_lateness",
                                      "windows.max_out_of_orderness"}),
        {"PE0020",
         absl::StrCat("`journey_gap` (", FormatDurationNanos(gap),
                      ") must exceed max_out_of_orderness + allowed_lateness (",
                      FormatDurationNanos(Nanos(windows.max_out_of_orderness())), " + ",
                      FormatDurationNanos(Nanos(windows.allowed_lateness())), ")"),
         "a journey may only end when no event of it can come any more"});
  }
  const int64_t grace = Nanos(windows.resolution_grace());
  if (grace > 0 && grace <= settled) {
    state.problems.Error(
        WrittenOrigin(state.origins, {"windows.resolution_grace", "windows.allowed_lateness",
                                      "windows.max_out_of_orderness"}),
        {"PE0037",
         absl::StrCat("`resolution_grace` (", FormatDurationNanos(grace),
                      ") must be 0 or exceed max_out_of_orderness + allowed_lateness (",
                      FormatDurationNanos(settled), ")"),
         "a journey may only end when no event of it can come any more"});
  }
  const int64_t longest = Nanos(windows.journey_max());
  if (longest < 2 * gap) {
    state.problems.Error(
        WrittenOrigin(state.origins, {"windows.journey_max", "windows.journey_gap"}),
        {"PE0021",
         absl::StrCat("`journey_max` (", FormatDurationNanos(longest),
                      ") must be at least twice journey_gap (", FormatDurationNanos(gap), ")")});
  }
}

void CheckWeights(const v1::ScorePolicy& score, LoadState& state) {
  const int64_t nanos =
      int64_t{affect::ToNano(score.worst_weight())} + affect::ToNano(score.tail_weight());
  if (nanos == affect::kNanoOne) return;
  const double sum = score.worst_weight() + score.tail_weight();
  state.problems.Error(
      WrittenOrigin(state.origins, {"score.worst_weight", "score.tail_weight"}),
      {"PE0023",
       absl::StrCat("`worst_weight` and `tail_weight` must sum to 1, not ", FormatDouble(sum))});
}

void CheckRules(const v1::Policy& policy, LoadState& state) {
  std::map<std::string, int> first_of;
  for (int i = 0; i < policy.rules_size(); ++i) {
    const v1::RulePolicy& rule = policy.rules(i);
    const std::string path = absl::StrCat("rules[", i, "]");
    const std::optional<alerts::Trigger> trigger = alerts::TriggerNamed(rule.on());
    if (rule.exit() < rule.enter() && (!trigger || alerts::Recovers(*trigger))) {
      state.problems.Error(
          WrittenOrigin(state.origins, {path + ".exit", path + ".enter", path}),
          {"PE0022", absl::StrCat("`exit` (", FormatDouble(rule.exit()),
                                  ") must be at least enter (", FormatDouble(rule.enter()), ")")});
    }
    if (rule.negatives() > rule.turns()) {
      state.problems.Error(
          WrittenOrigin(state.origins, {path + ".negatives", path + ".turns", path}),
          {"PE0029", absl::StrCat("`negatives` (", rule.negatives(), ") must not exceed turns (",
                                  rule.turns(), ")")});
    }
    if (rule.name().empty() || first_of.emplace(rule.name(), i).second) continue;
    state.problems.Error(
        WrittenOrigin(state.origins, {path + ".name"}),
        {"PE0024", absl::StrCat("two rules are called ", Quoted(rule.name())),
         absl::StrCat("the first one is rule ", first_of[rule.name()] + 1, " of the list")});
  }
}

void CheckImpressions(const v1::Policy& policy, LoadState& state) {
  std::map<std::string, int> first_of;
  for (int i = 0; i < policy.impressions_size(); ++i) {
    const std::string& cause = policy.impressions(i).cause();
    if (cause.empty() || first_of.emplace(cause, i).second) continue;
    state.problems.Error(
        WrittenOrigin(state.origins, {absl::StrCat("impressions[", i, "].cause")}),
        {"PE0026", absl::StrCat("two impressions have the cause ", Quoted(cause)),
         absl::StrCat("the first one is impression ", first_of[cause] + 1, " of the list")});
  }
}

// The pair that counts for the cause, as text: what is desired, what is adequate.
void CheckExpectation(const v1::ExpectationPolicy& row, const std::string& path, LoadState& state) {
  const bool scored = row.cause() == "poor_audio";
  const bool complete = scored ? row.has_desired_score() && row.has_adequate_score()
                               : row.has_desired() && row.has_adequate();
  const std::string desired = scored ? "desired_score" : "desired";
  const std::string adequate = scored ? "adequate_score" : "adequate";
  if (!complete) {
    state.problems.Error(WrittenOrigin(state.origins, {path + ".cause", path}),
                         {"PE0027", absl::StrCat("an expectation of ", Quoted(row.cause()),
                                                 " needs `", desired, "` and `", adequate, "`")});
    return;
  }
  const bool worse = scored ? row.adequate_score() < row.desired_score()
                            : Nanos(row.adequate()) > Nanos(row.desired());
  if (worse) return;
  state.problems.Error(
      WrittenOrigin(state.origins, {path + "." + adequate, path + "." + desired, path}),
      {"PE0028", absl::StrCat("`", adequate, "` must be ", scored ? "below" : "longer than", " `",
                              desired, "`")});
}

void CheckExpectations(const v1::Policy& policy, LoadState& state) {
  for (int i = 0; i < policy.expectations_size(); ++i) {
    if (policy.expectations(i).cause().empty()) continue;
    CheckExpectation(policy.expectations(i), absl::StrCat("expectations[", i, "]"), state);
  }
}

void CheckPhrases(const v1::Policy& policy, LoadState& state) {
  std::vector<affect::Phrase> all;
  for (int i = 0; i < policy.phrases_size(); ++i) {
    const absl::StatusOr<std::vector<std::string>> says =
        affect::SplitPhrases(policy.phrases(i).says());
    if (says.ok()) {
      for (const std::string& phrase : *says) all.push_back({affect::PhraseClass{}, phrase});
    }
    if (says.ok() || policy.phrases(i).says().empty()) continue;
    const std::string path = absl::StrCat("phrases[", i, "]");
    state.problems.Error(WrittenOrigin(state.origins, {path + ".says", path}),
                         {"PE0038", absl::StrCat("`says`: ", says.status().message()),
                          "write phrases between |, such as sorry | apologise"});
  }
  if (const auto book = affect::PhraseBook::Make(all); !book.ok()) {
    state.problems.Error(WrittenOrigin(state.origins, {"phrases"}),
                         {"PE0038", absl::StrCat("`phrases`: ", book.status().message())});
  }
}

void CheckTouchpoints(const v1::Policy& policy, LoadState& state) {
  std::map<std::string, int> first_of;
  for (int i = 0; i < policy.touchpoints_size(); ++i) {
    const std::string& id = policy.touchpoints(i).id();
    if (id.empty() || first_of.emplace(id, i).second) continue;
    state.problems.Error(
        WrittenOrigin(state.origins, {absl::StrCat("touchpoints[", i, "].id")}),
        {"PE0052", absl::StrCat("touchpoint ", Quoted(id), " stands twice"),
         absl::StrCat("the first one is touchpoint ", first_of[id] + 1, " of the list")});
  }
}

}  // namespace

void CheckPolicy(const v1::Policy& policy, LoadState& state) {
  CheckWindows(policy.windows(), state);
  CheckWeights(policy.score(), state);
  CheckRules(policy, state);
  CheckImpressions(policy, state);
  CheckExpectations(policy, state);
  CheckPhrases(policy, state);
  CheckTouchpoints(policy, state);
}

}  // namespace peakend::runtime
