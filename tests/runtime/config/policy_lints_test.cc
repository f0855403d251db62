// Policies that can be loaded and surely are not meant so: what is said of them, and where.
#include "processors/runtime/config/policy_lints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/runtime/config/default_policy.h"
#include "processors/runtime/config/load.h"

namespace peakend::runtime {
namespace {

using testing::IsEmpty;

// "PE0054 2:31 rule `a` never raises: ...".
std::vector<std::string> Warnings(const std::string& yaml) {
  std::vector<std::string> lines;
  const auto result = LoadPolicy("p.yaml", yaml);
  EXPECT_TRUE(result.ok()) << RenderDiagnostics(result.diagnostics(), false);
  for (const Diagnostic& each : result.diagnostics()) {
    EXPECT_EQ(each.severity, Severity::kWarning);
    lines.push_back(absl::StrCat(each.code, " ", each.line, ":", each.col, " ", each.message,
                                 each.help.empty() ? "" : " | ", each.help));
  }
  return lines;
}

struct LintCase {
  std::string name;
  std::string yaml;  // behind the first line, `name: p`
  std::vector<std::string> warnings;
};

class Linted : public testing::TestWithParam<LintCase> {};

TEST_P(Linted, IsSaid) {
  EXPECT_THAT(Warnings("name: p\n" + GetParam().yaml),
              testing::ElementsAreArray(GetParam().warnings));
}

std::string LintName(const testing::TestParamInfo<LintCase>& info) { return info.param.name; }

const std::vector<LintCase> kNeverRaise = {
    {"EnterOfScore",
     "rules: [{name: a, on: score, enter: -1}]",
     {"PE0054 2:37 rule `a` never raises: nothing is worse than -1"}},
    {"EnterOfDelight",
     "rules: [{name: a, on: delight, enter: 1}]",
     {"PE0054 2:39 rule `a` never raises: nothing is better than 1"}},
    {"EscalationWithoutPhrases",
     "rules: [{name: a, on: escalation}]\nphrases: [{class: thanks, says: thanks}]",
     {"PE0054 2:23 rule `a` never raises: the policy has no `phrases` of the class `escalation`"}},
    {"RepeatsWithoutAWindow",
     "rules: [{name: a, on: repeat_contact}]\nwindows: {repeat_window: 0s}",
     {"PE0054 2:23 rule `a` never raises: `windows.repeat_window` is 0"}},
    {"MoreTurnsThanAreKept",
     "rules: [{name: a, on: negative_turns, negatives: 5, turns: 9}]\nmoments: {tail_max: 4}",
     {"PE0054 2:50 rule `a` never raises: only `moments.tail_max` (4) turns are looked at"}},
    {"CauseThatCannotHurtSoMuch",
     "rules: [{name: a, on: impression, enter: -0.75, only: [{cause: transferred}]}]",
     {"PE0054 2:64 entry 1 of `only` never fits: `transferred` comes to no less than -0.5, enter is"
      " -0.75 | what is watched is valence x confidence"}},
    {"CauseThatPleasesNobody",
     "rules: [{name: a, on: delight, enter: 0.1, only: [{cause: hold}]}]",
     {"PE0054 2:59 entry 1 of `only` never fits: `hold` comes to no more than 0, enter is 0.1 |"
      " what is watched is valence x confidence"}},
    {"CauseBesideTurns",
     "rules: [{name: a, on: negative_turns, only: [{cause: hold}]}]",
     {"PE0054 2:54 entry 1 of `only` never fits: rules on `negative_turns` judge turns alone |"
      " write `cause: turn`, or leave it out"}},
    {"ChannelWithoutExpectation",
     "rules: [{name: a, on: message_unanswered, only: [{channel: voice}]}]",
     {"PE0054 2:60 entry 1 of `only` never fits: nobody expects an answer within a time in the"
      " channel `voice` | give the rule `after`, or the policy an expectation of `first_response`"
      " there"}},
};
INSTANTIATE_TEST_SUITE_P(NeverRaise, Linted, testing::ValuesIn(kNeverRaise), LintName);

const std::vector<LintCase> kWithoutEffect = {
    {"AfterOfScore",
     "rules: [{name: a, on: score, after: 1m}]",
     {"PE0056 2:37 `after` has no effect in a rule on `score` | rules on these have it: waiting,"
      " message_unanswered, peak_unanswered"}},
    {"CauseOfWaiting",
     "rules: [{name: a, on: waiting, only: [{cause: hold}]}]",
     {"PE0056 2:47 `cause` has no effect in a rule on `waiting`"}},
    {"LevelOfAgain",
     "openings: [{when: again, level: 0.1}]",
     {"PE0056 2:33 `level` has no effect with `again` | unrecovered_peak, bad_end and good_end have"
      " it"}},
    {"WeightsOfMean",
     "score: {formula: mean, worst_weight: 0.2, tail_weight: 0.8}",
     {"PE0056 2:38 `worst_weight` has no effect on the formula `mean` | the formula `experience`"
      " has weights",
      "PE0056 2:56 `tail_weight` has no effect on the formula `mean` | the formula `experience`"
      " has weights"}},
    {"ShareLeftOfNothing",
     "rules: [{name: a, on: promise_at_risk, share_left: 0}]",
     {"PE0061 2:52 with `share_left` 0 the rule raises when the promise is broken already | write a"
      " share such as 0.2, or a rule on `promise_broken`"}},
};
INSTANTIATE_TEST_SUITE_P(WithoutEffect, Linted, testing::ValuesIn(kWithoutEffect), LintName);

const std::string kAlike =
    " raise at the same time | they have one trigger, one set of thresholds and one `only`; each"
    " moment is told twice";
const std::string kEarlierFits = " comes first and fits whenever this one does";
const std::vector<LintCase> kHidden = {
    {"TwinRules",
     "rules: [{name: a, on: score, severity: info}, {name: b, on: score, enter: -0.4}]",
     {"PE0057 2:54 rules `a` and `b`" + kAlike}},
    {"TwinsWithScopesInAnotherOrder",
     "rules:\n  - {name: a, on: waiting, only: [{queue: x}, {tier: gold}]}\n"
     "  - {name: b, on: waiting, only: [{tier: gold}, {queue: x}]}",
     {"PE0057 4:12 rules `a` and `b`" + kAlike}},
    {"Scope",
     "rules: [{name: a, on: waiting, only: [{queue: x}, {queue: x, tier: gold}]}]",
     {"PE0058 2:51 entry 2 of `only` adds nothing | entry 1 lets all of its contacts pass"}},
    {"PromiseOverdue",
     "openings: [{when: promise_open}, {when: promise_overdue}]",
     {"PE0058 2:41 opening 2 (`promise_overdue`) never counts | opening 1 (`promise_open`)" +
      kEarlierFits}},
    {"BadEnd",
     "openings: [{when: bad_end, level: -0.2}, {when: bad_end, level: -0.5}]",
     {"PE0058 2:49 opening 2 (`bad_end`) never counts | opening 1 (`bad_end`)" + kEarlierFits}},
    {"Known",
     "openings: [{when: known}, {when: again}]",
     {"PE0058 2:34 opening 2 (`again`) never counts | opening 1 (`known`)" + kEarlierFits}},
    {"Expectation",
     "expectations:\n  - {cause: queue_wait, desired: 5s, adequate: 9s}\n"
     "  - {cause: queue_wait, queue: q, channel: voice, desired: 5s, adequate: 9s}",
     {"PE0058 4:13 expectation 2 (`queue_wait`) never counts | expectation 1" + kEarlierFits}},
};
INSTANTIATE_TEST_SUITE_P(Hidden, Linted, testing::ValuesIn(kHidden), LintName);

const std::vector<LintCase> kTexts = {
    {"TouchpointOutsideOfTheCatalogue",
     "touchpoints: [{id: checkout, stage: pay}]\n"
     "rules: [{name: a, on: score, only: [{touchpoint: chekout}]}]",
     {"PE0055 3:50 touchpoint `chekout` is not among `touchpoints` | did you mean `checkout`?"}},
    {"PhraseTwice",
     "phrases: [{class: thanks, says: a | b}, {class: thanks, says: B}]",
     {"PE0059 2:63 phrase `B` stands twice in the class `thanks`"}},
    {"PhraseOfTwoClasses",
     "phrases: [{class: thanks, says: 感谢}, {class: greeting, says: 感谢}]",
     {"PE0059 2:62 phrase `感谢` is of two classes, `thanks` and `greeting` | whoever says it"
      " counts for both"}},
    {"Placeholder",
     "rules: [{name: a, on: score, message_en: \"{scroe} {queue} {x\"}]",
     {"PE0060 2:42 nothing fills in `{scroe}` | did you mean `{score}`?"}},
    {"DaysOfAnotherRule",
     "rules: [{name: a, on: waiting, message_zh: \"{days}\"}]",
     {"PE0060 2:44 nothing fills in `{days}` | known here: score, valence, queue, contact"}},
    {"PlaceholderOfAnOpening",
     "openings: [{when: again, say_en: \"{ago} {queue}\"}]",
     {"PE0060 2:34 nothing fills in `{queue}` | known here: ago"}},
};
INSTANTIATE_TEST_SUITE_P(Texts, Linted, testing::ValuesIn(kTexts), LintName);

// What looks like the above and means something.
const std::vector<LintCase> kMeant = {
    {"CauseThatWasMadeSure",
     "impressions: [{cause: transferred, confidence: 1}]\n"
     "rules: [{name: a, on: impression, enter: -0.75, exit: 0, only: [{cause: transferred}]}]",
     {}},
    {"ComplaintsAreSure",
     "rules: [{name: a, on: impression, enter: -0.75, only: [{cause: outside_complaint}]}]",
     {}},
    {"ExpectationOfOneTierFirst",
     "expectations:\n  - {cause: queue_wait, desired: 5s, adequate: 9s}\n"
     "  - {cause: queue_wait, tier: gold, desired: 5s, adequate: 9s}",
     {}},
    {"NarrowOpeningFirst",
     "openings: [{when: bad_end, level: -0.5}, {when: bad_end}, {when: promise_overdue},"
     " {when: promise_open}, {when: known}]",
     {}},
    {"GoodEnds", "openings: [{when: good_end, level: 0.5}, {when: good_end, level: 0.1}]", {}},
    {"RulesWithOtherThresholds",
     "rules: [{name: a, on: score, enter: -0.4}, {name: b, on: score, enter: -0.6}]",
     {}},
    {"SamePhraseOfAgentsAndCustomers",
     "phrases: [{class: apology, says: sorry}, {class: escalation, says: sorry}]",
     {}},
    {"WaitingForMail", "rules: [{name: a, on: waiting, only: [{channel: email}]}]", {}},
    {"UnansweredCallWithATime",
     "rules: [{name: a, on: message_unanswered, after: 1m, only: [{channel: voice}]}]",
     {}},
    {"ChannelWithAnExpectation",
     "expectations: [{cause: first_response, channel: voice, desired: 5s, adequate: 9s}]\n"
     "rules: [{name: a, on: message_unanswered, only: [{channel: voice}]}]",
     {}},
    {"TouchpointWithoutACatalogue", "rules: [{name: a, on: score, only: [{touchpoint: x}]}]", {}},
    {"Days", "rules: [{name: a, on: returning, message_en: \"{days} {valence}\"}]", {}},
};
INSTANTIATE_TEST_SUITE_P(Meant, Linted, testing::ValuesIn(kMeant), LintName);

TEST(PolicyLints, ShippedPolicyHasNone) {
  EXPECT_THAT(Warnings(std::string(DefaultPolicyYaml())), IsEmpty());
}

TEST(PolicyLints, ManyWarningsHideNoErrorAndRefuseNothing) {
  std::string rules = "name: p\nrules:\n";
  for (int i = 0; i < 150; ++i) absl::StrAppend(&rules, "  - {name: r", i, ", on: score}\n");
  const auto warned = LoadPolicy("p.yaml", rules);
  EXPECT_TRUE(warned.ok());
  ASSERT_EQ(warned.diagnostics().size(), 101U);
  EXPECT_EQ(warned.diagnostics().back().message, "and 49 more warnings");
  const auto refused = LoadPolicy("p.yaml", rules + "windows: {journey_max: 1m}\n");
  EXPECT_FALSE(refused.ok());
  EXPECT_EQ(refused.diagnostics().back().severity, Severity::kWarning);
}

}  // namespace
}  // namespace peakend::runtime
