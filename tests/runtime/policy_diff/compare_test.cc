// Two policies as texts, and what must be said of them. Cases are data; a case says only what
// differs from the policy `name: p`.
#include "processors/runtime/policy_diff/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/runtime/config/default_policy.h"
#include "processors/runtime/config/load.h"

namespace peakend::runtime {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// "changed rules score_low enter: -0.4 -> -0.3 raises_sooner".
std::string Line(const Change& change) {
  const auto word = [](const std::string& text) { return text.empty() ? "" : " " + text; };
  return absl::StrCat(std::string(ChangeKindName(change.kind)), word(change.section),
                      word(change.subject), word(change.field), ":", word(change.before), " ->",
                      word(change.after), word(std::string(EffectName(change.effect))));
}

v1::Policy Load(const std::string& yaml) {
  const auto result = LoadPolicy("p.yaml", yaml);
  EXPECT_FALSE(HasErrors(result.diagnostics()))
      << yaml << RenderDiagnostics(result.diagnostics(), false);
  return result.ok() ? result.value() : v1::Policy();
}

std::vector<std::string> Compare(const std::string& before, const std::string& after) {
  std::vector<std::string> lines;
  for (const Change& change :
       ComparePolicies(Load("name: p\n" + before), Load("name: p\n" + after))) {
    lines.push_back(Line(change));
  }
  return lines;
}

struct Case {
  std::string name;
  std::string before;
  std::string after;
  std::vector<std::string> lines;
};

class Compared : public testing::TestWithParam<Case> {};

TEST_P(Compared, IsSaid) {
  EXPECT_THAT(Compare(GetParam().before, GetParam().after),
              testing::ElementsAreArray(GetParam().lines));
}

std::string NameOf(const testing::TestParamInfo<Case>& info) { return info.param.name; }

std::string Rule(const std::string& fields) { return "rules: [{name: a, " + fields + "}]"; }

const std::vector<Case> kSame = {
    {"WrittenDefault", "", "windows: {journey_gap: 72h}\nversion: 1", {}},
    {"RuleDefaults",
     Rule("on: score"),
     Rule("on: score, enter: -0.40, exit: -0.2, cooldown: 300s, severity: warning"),
     {}},
    {"ImpressionDefaults",
     "",
     "impressions: [{cause: transferred, first: -0.15, kano: basic}]",
     {}},
    {"ExpectationDefault", "", "expectations: [{cause: hold, desired: 30s, adequate: 120s}]", {}},
    {"OpeningLevel", "openings: [{when: bad_end}]", "openings: [{when: bad_end, level: -0.3}]", {}},
    {"PeakUnansweredAfter",
     Rule("on: peak_unanswered"),
     Rule("on: peak_unanswered, after: 2m"),
     {}},
    {"PhrasesInOtherRows",
     "phrases: [{class: thanks, says: a b | c}]",
     "phrases: [{class: thanks, says: C}, {class: thanks, says: A b}]",
     {}},
    {"OrderOfRules",
     "rules: [{name: a, on: score}, {name: b, on: waiting}]",
     "rules: [{name: b, on: waiting}, {name: a, on: score}]",
     {}},
    {"KnownCustomers",
     "identities: [{type: customer}]",
     "identities: [{type: customer}]\nknown_customers: stay",
     {}},
    {"AlertSnooze", "", "alert_snooze: 30m", {}},
    {"OrderOfHolidays",
     "calendars: [{name: c, hours: [Mon 09:00-18:00], holidays: [2026-10-01, 2026-10-02]}]",
     "calendars: [{name: c, hours: [Mon 09:00-18:00], holidays: [2026-10-02, 2026-10-01]}]",
     {}},
    {"ExpectationsThatNeverMeet",
     "expectations: [{cause: hold, queue: a, desired: 1s, adequate: 2s},"
     " {cause: hold, queue: b, desired: 1s, adequate: 2s}]",
     "expectations: [{cause: hold, queue: b, desired: 1s, adequate: 2s},"
     " {cause: hold, queue: a, desired: 1s, adequate: 2s}]",
     {}},
};
INSTANTIATE_TEST_SUITE_P(Same, Compared, testing::ValuesIn(kSame), NameOf);

const std::vector<Case> kRules = {
    {"Added",
     "",
     Rule("on: waiting, after: 90s, severity: critical"),
     {"added rules a: -> on waiting, severity critical, after 90s"}},
    {"Removed", Rule("on: score, enter: -0.5"), "", {"removed rules a: on score, enter -0.5 ->"}},
    {"Renamed",
     "rules: [{name: a, on: score, enter: -0.5, message_en: x}]",
     "rules: [{name: b, on: score, enter: -0.5, message_en: y, severity: critical}]",
     {"renamed rules b: a -> b", "changed rules b severity: warning -> critical more_severe",
      "changed rules b message_en: x -> y"}},
    {"OtherThresholdIsNoRename",
     "rules: [{name: a, on: score, enter: -0.5}]",
     "rules: [{name: b, on: score, enter: -0.6}]",
     {"removed rules a: on score, enter -0.5 ->", "added rules b: -> on score, enter -0.6"}},
    {"OtherContactsAreNoRename",
     "rules: [{name: a, on: waiting}]",
     "rules: [{name: b, on: waiting, only: [{tier: gold}]}]",
     {"removed rules a: on waiting ->", "added rules b: -> on waiting, only {tier gold}"}},
    {"FieldsThatTheTriggerIgnoresDoNotHinderARename",
     "rules: [{name: a, on: waiting, enter: -0.9}]",
     "rules: [{name: b, on: waiting}]",
     {"renamed rules b: a -> b", "changed rules b enter: -0.9 -> -0.4 unused"}},
    {"Enter",
     Rule("on: score"),
     Rule("on: score, enter: -0.3"),
     {"changed rules a enter: -0.4 -> -0.3 raises_sooner"}},
    {"EnterOfDelight",
     Rule("on: delight, enter: 0.8, exit: 0.9"),
     Rule("on: delight, enter: 0.9, exit: 0.9"),
     {"changed rules a enter: 0.8 -> 0.9 raises_later"}},
    {"Exit",
     Rule("on: score"),
     Rule("on: score, exit: 0"),
     {"changed rules a exit: -0.2 -> 0 recovers_later"}},
    {"Urgency",
     Rule("on: score"),
     Rule("on: score, urgency: interrupt"),
     {"changed rules a urgency: list -> interrupt interrupts"}},
    {"UrgencyBack",
     Rule("on: score, urgency: interrupt"),
     Rule("on: score"),
     {"changed rules a urgency: interrupt -> list listed"}},
    {"Severity",
     Rule("on: score, severity: critical"),
     Rule("on: score, severity: info"),
     {"changed rules a severity: critical -> info less_severe"}},
    {"AfterSet",
     Rule("on: waiting"),
     Rule("on: waiting, after: 1m"),
     {"changed rules a after: -> 1m fixed_time"}},
    {"AfterUnset",
     Rule("on: waiting, after: 1m"),
     Rule("on: waiting"),
     {"changed rules a after: 1m -> expected_time"}},
    {"After",
     Rule("on: waiting, after: 1m"),
     Rule("on: waiting, after: 90s"),
     {"changed rules a after: 1m -> 90s raises_later"}},
    {"ShareLeft",
     Rule("on: promise_at_risk"),
     Rule("on: promise_at_risk, share_left: 0.5"),
     {"changed rules a share_left: 0.2 -> 0.5 raises_sooner"}},
    {"Turns",
     Rule("on: negative_turns"),
     Rule("on: negative_turns, negatives: 3, turns: 5"),
     {"changed rules a negatives: 2 -> 3 raises_later",
      "changed rules a turns: 3 -> 5 raises_sooner"}},
    {"Repeats",
     Rule("on: repeat_contact, repeats: 2"),
     Rule("on: repeat_contact"),
     {"changed rules a repeats: 2 -> 1 raises_sooner"}},
    {"UnrecoveredOnly",
     Rule("on: returning"),
     Rule("on: returning, unrecovered_only: false"),
     {"changed rules a unrecovered_only: true -> false more_contacts"}},
    {"Trigger",
     Rule("on: impression"),
     Rule("on: score"),
     {"changed rules a on: impression -> score watches_else"}},
    {"OnlySet",
     Rule("on: score"),
     Rule("on: score, only: [{queue: x, channel: voice}]"),
     {"changed rules a only: -> {queue x, channel voice} fewer_contacts"}},
    {"OnlyUnset",
     Rule("on: score, only: [{queue: x}]"),
     Rule("on: score"),
     {"changed rules a only: {queue x} -> more_contacts"}},
    {"OnlyMore",
     Rule("on: score, only: [{queue: x}]"),
     Rule("on: score, only: [{tier: gold}, {queue: x}]"),
     {"changed rules a only: {queue x} -> {queue x}, {tier gold} more_contacts"}},
    {"OnlyOther",
     Rule("on: score, only: [{queue: x}]"),
     Rule("on: score, only: [{queue: y}]"),
     {"changed rules a only: {queue x} -> {queue y} other_contacts"}},
};
INSTANTIATE_TEST_SUITE_P(Rules, Compared, testing::ValuesIn(kRules), NameOf);

const std::vector<Case> kSections = {
    {"Version", "version: 1", "version: 2", {"changed version: 1 -> 2"}},
    {"Window",
     "",
     "windows: {journey_gap: 7d}",
     {"changed windows journey_gap: 3d -> 7d longer_journeys"}},
    {"Weights",
     "",
     "score: {worst_weight: 0.3, tail_weight: 0.7}",
     {"changed score worst_weight: 0.1 -> 0.3 weighs_more",
      "changed score tail_weight: 0.9 -> 0.7 weighs_less"}},
    {"NoLimit",
     "",
     "alert_budget: {interrupts_per_100_contacts: 0}",
     {"changed alert_budget interrupts_per_100_contacts: 5 -> 0 no_limit"}},
    {"Impression",
     "",
     "impressions: [{cause: transferred, first: -0.4}]",
     {"changed impressions transferred first: -0.15 -> -0.4 worse"}},
    {"ImpressionBackToItsDefault",
     "impressions: [{cause: transferred, first: -0.4}]",
     "",
     {"changed impressions transferred first: -0.4 -> -0.15 better"}},
    {"ExpectationForATier",
     "",
     "expectations: [{cause: queue_wait, tier: gold, desired: 5s, adequate: 30s}]",
     {"added expectations queue_wait, tier gold: -> desired 5s, adequate 30s"}},
    // The new row comes before the one for mail, which nobody reaches any more.
    {"ExpectationForAllGoesFirst",
     "",
     "expectations: [{cause: queue_wait, desired: 10s, adequate: 2m}]",
     {"changed expectations queue_wait desired: 20s -> 10s stricter",
      "moved expectations queue_wait: -> queue_wait, channel email ahead"}},
    {"Openings",
     "openings: [{when: again}, {when: known}, {when: bad_end}]",
     "openings: [{when: bad_end, level: -0.5}, {when: again, say_en: hi}, {when: known}]",
     {"changed openings bad_end level: -0.3 -> -0.5 fewer_cards",
      "changed openings again say_en: -> hi", "moved openings bad_end: -> again ahead"}},
    {"GoodEndLevel",
     "openings: [{when: good_end}]",
     "openings: [{when: good_end, level: 0.5}]",
     {"changed openings good_end level: 0.3 -> 0.5 fewer_cards"}},
    {"Phrases",
     "phrases: [{class: thanks, says: a | b}]",
     "phrases: [{class: thanks, says: b | c}, {class: apology, says: sorry}]",
     {"added phrases apology: -> sorry", "removed phrases thanks: a ->",
      "added phrases thanks: -> c"}},
    {"Touchpoints",
     "touchpoints: [{id: a, stage: pay}, {id: b, stage: pay}]",
     "touchpoints: [{id: a, stage: search}, {id: c, stage: pay}]",
     {"removed touchpoints b: stage pay ->", "changed touchpoints a stage: pay -> search",
      "added touchpoints c: -> stage pay"}},
    {"Calendar",
     "calendars: [{name: c, hours: [Mon 09:00-18:00]}]",
     "calendars: [{name: c, hours: [Mon 09:00-18:00, Tue 09:00-18:00], time_zone: Asia/Shanghai}]",
     {"changed calendars c time_zone: UTC -> Asia/Shanghai",
      "added calendars c hours: -> Tue 09:00-18:00"}},
    {"AlertSnooze", "", "alert_snooze: 1h", {"changed alert_snooze: 30m -> 1h"}},
    {"Identities",
     "identities: [{type: phone, max_customers: 2}]",
     "identities: [{type: phone, max_customers: 4}, {type: customer}]\nknown_customers: move",
     {"changed identities phone max_customers: 2 -> 4 links_more", "added identities customer: ->",
      "changed known_customers: stay -> move"}},
};
INSTANTIATE_TEST_SUITE_P(Sections, Compared, testing::ValuesIn(kSections), NameOf);

TEST(ComparePolicies, ShippedPolicyIsTheSameAsItself) {
  const v1::Policy policy = Load(std::string(DefaultPolicyYaml()));
  EXPECT_THAT(ComparePolicies(policy, policy), IsEmpty());
}

TEST(ComparePolicies, RowsOfOneNameAreCounted) {
  EXPECT_THAT(Compare("openings: [{when: again, say_en: a}]",
                      "openings: [{when: again, say_en: a}, {when: again, say_en: b}]"),
              ElementsAre("added openings again #2: -> say_en b"));
}

}  // namespace
}  // namespace peakend::runtime
