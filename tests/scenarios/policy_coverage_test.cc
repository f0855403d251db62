// What counts as shown of a policy.
#include "processors/scenarios/policy_coverage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/runtime/config/load.h"
#include "processors/scenarios/scenario_file.h"

namespace peakend::scenarios {
namespace {

using publish::Topic;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

v1::Policy Policy(const std::string& yaml) {
  auto loaded = runtime::LoadPolicy("p.yaml", "name: p\n" + yaml);
  EXPECT_TRUE(loaded.ok()) << runtime::RenderDiagnostics(loaded.diagnostics(), false);
  return loaded.ok() ? loaded.value() : v1::Policy();
}

// A scenario with these compact events, of which the records came.
struct Story {
  std::string events = "[]";
  std::vector<OutputRecord> records = {};
};

PolicyCoverage Cover(const v1::Policy& policy, const std::vector<Story>& stories) {
  auto board = CoverageBoard::Make(policy);
  EXPECT_TRUE(board.ok());
  for (const Story& story : stories) {
    const ScenarioFile file = ReadScenarioFile(
        "s.yaml", absl::StrCat("- {name: n, why: w, expect: {}, events: ", story.events, "}"));
    EXPECT_THAT(file.diagnostics, IsEmpty()) << story.events;
    ScenarioResult result;
    result.lines = ExpandEvents(file.scenarios.at(0));
    result.outcome.records = story.records;
    board->Add(result);
  }
  return board->Result();
}

OutputRecord Alert(const std::string& rule, const std::string& reason,
                   const std::string& params = "") {
  return {Topic::kAlerts, "",
          absl::StrCat(R"({"rule":")", rule, R"(","reason":")", reason,
                       R"(","state":"OPEN","message_params":{)", params, "}}")};
}

OutputRecord HeldBy(const std::string& alert, const std::string& recipients) {
  return {Topic::kAlerts, "",
          absl::StrCat(R"({"alert_id":")", alert, R"(","rule":"low","recipients":[)", recipients,
                       "]}")};
}

OutputRecord Impressed() { return {Topic::kJourneys, "", R"({"customer_id":"p1","count":2})"}; }

constexpr char kScore[] =
    "rules: [{name: low, on: score, message_en: 'in {queue}', message_zh: '队列 {queue}'}]\n";

TEST(PolicyCoverageTest, NothingIsShownByNothing) {
  EXPECT_THAT(Cover(Policy(kScore), {}).Missing(),
              ElementsAre("rule `low` is never raised", "rule `low` never recovers",
                          "rule `low` never has something to watch and keeps quiet",
                          "`message_en` of rule `low` is never told in full",
                          "`message_zh` of rule `low` is never told in full"));
  EXPECT_EQ(Cover(Policy(kScore), {}).percent(), 0);
}

TEST(PolicyCoverageTest, APolicyOfNothingIsCovered) {
  EXPECT_EQ(Cover(Policy(""), {}).percent(), 100);
}

// That another alert begins with the next one is no going on.
TEST(PolicyCoverageTest, EveryRecipientWhoPassesAlertsOnIsShown) {
  const v1::Policy policy = Policy(
      "recipients: [{name: a, escalate_to: b, after: 1m}, {name: b, escalate_to: c, after: 1m},"
      " {name: c}]\nrules: [{name: low, on: abandoned, recipients: [a]}]");
  const auto unshown = [&](const std::vector<OutputRecord>& records) {
    return Cover(policy, {{"[]", records}}).Missing();
  };
  EXPECT_THAT(unshown({HeldBy("1", R"("a")"), HeldBy("2", R"("b")")}),
              testing::IsSupersetOf(
                  {"no alert goes on from recipient `a`", "no alert goes on from recipient `b`"}));
  EXPECT_THAT(unshown({HeldBy("1", R"("a")"), HeldBy("2", R"("a")"), HeldBy("1", R"("b")")}),
              testing::AllOf(Not(Contains("no alert goes on from recipient `a`")),
                             Contains("no alert goes on from recipient `b`")));
}

TEST(PolicyCoverageTest, ARuleIsShownBothWays) {
  const PolicyCoverage coverage = Cover(
      Policy(kScore), {{"[{turn: customer, valence: -1}]",
                        {Alert("low", "raised", R"("queue":"q")"), Alert("low", "recovered")}},
                       {"[{turn: customer, valence: 1}]", {Impressed()}}});
  EXPECT_THAT(coverage.Missing(), IsEmpty());
  EXPECT_EQ(coverage.covered(), 5);
  EXPECT_EQ(coverage.percent(), 100);
}

TEST(PolicyCoverageTest, AMessageIsToldInFull) {
  const PolicyCoverage coverage =
      Cover(Policy(kScore), {{"[{turn: customer}]", {Alert("low", "raised", R"("queue":"")")}}});
  EXPECT_THAT(coverage.Missing(), Contains("`message_en` of rule `low` is never told in full"));
}

TEST(PolicyCoverageTest, OfOtherRulesAlertsAreNone) {
  EXPECT_THAT(Cover(Policy(kScore), {{"[]", {Alert("lower", "raised")}}}).Missing(),
              Contains("rule `low` is never raised"));
}

struct Quiet {
  std::string rule;    // members beside its name
  std::string events;  // with which it watches something
  std::string without;
  std::vector<OutputRecord> records = {};
};

class QuietTest : public ::testing::TestWithParam<Quiet> {};

TEST_P(QuietTest, NeedsSomethingToWatch) {
  const v1::Policy policy = Policy(absl::StrCat("rules: [{name: r, ", GetParam().rule, "}]\n"));
  const auto quiet = [&](const std::string& events, const std::vector<OutputRecord>& records) {
    return Cover(policy, {{events, records}}).rules.at(0).kept_quiet;
  };
  EXPECT_TRUE(quiet(GetParam().events, GetParam().records));
  EXPECT_FALSE(quiet(GetParam().without, {}));
  std::vector<OutputRecord> raised = GetParam().records;
  raised.push_back(Alert("r", "raised"));
  EXPECT_FALSE(quiet(GetParam().events, raised));
}

INSTANTIATE_TEST_SUITE_P(
    Triggers, QuietTest,
    ::testing::Values(
        Quiet{"on: impression", "[{turn: customer}]", "[{turn: customer}]", {Impressed()}},
        Quiet{"on: delight", "[{turn: customer}]", "[{turn: customer}]", {Impressed()}},
        Quiet{"on: peak_unanswered", "[{turn: customer}]", "[]", {Impressed()}},
        Quiet{"on: negative_turns", "[{turn: customer, valence: 0}]",
              "[{turn: agent, valence: 0}]"},
        Quiet{"on: abandoned", "[{lifecycle: QUEUED}]", "[{lifecycle: CONNECTED}]"},
        Quiet{"on: waiting", "[{lifecycle: QUEUED}]", "[{turn: customer}]"},
        Quiet{"on: escalation", "[{turn: customer, text: x}]", "[{turn: agent, text: x}]"},
        Quiet{"on: message_unanswered", "[{turn: customer}]", "[{turn: customer, channel: VOICE}]"},
        Quiet{"on: promise_broken", "[{promise: VISIT}]", "[{turn: agent}]"},
        Quiet{"on: promise_at_risk", "[{promise: VISIT}]", "[{turn: agent}]"},
        Quiet{"on: returning", "[{turn: agent}, {turn: agent, contact: c2}]",
              "[{turn: agent}, {turn: agent, customer: p2, contact: c2}]"},
        Quiet{"on: repeat_contact", "[{turn: agent}, {turn: agent, contact: c2}]",
              "[{turn: agent}]"},
        Quiet{"on: follow_up_overdue",
              "[{turn: agent}]",
              "[{turn: agent}]",
              {{Topic::kAlerts, "", R"({"rule":"other","state":"FOLLOW_UP","reason":"x"})"}}},
        Quiet{"on: waiting, only: [{queue: q}]", "[{lifecycle: QUEUED, queue: q}]",
              "[{lifecycle: QUEUED, queue: other}]"},
        Quiet{"on: waiting, only: [{tier: gold, channel: chat}]",
              "[{lifecycle: QUEUED, tier: gold}]",
              "[{lifecycle: QUEUED, tier: gold, channel: VOICE}]"}));

constexpr char kPhrases[] =
    "phrases: [{class: apology, says: 'sorry | regret'}, {class: apology, says: 抱歉},\n"
    "          {class: escalation, says: '12315 | 律师'}]\n";

TEST(PhraseCoverageTest, PhrasesCountByClassLanguageAndSide) {
  const v1::Policy policy = Policy(kPhrases);
  const auto missing = [&](const std::string& turns) {
    return Cover(policy, {{absl::StrCat("[", turns, "]")}}).Missing();
  };
  EXPECT_THAT(missing(""), ElementsAre("nobody says a phrase of `apology` in English",
                                       "nobody says a phrase of `apology` in Chinese",
                                       "nobody says a phrase of `escalation` in Chinese"));
  EXPECT_THAT(missing("{turn: agent, text: I am Sorry}, {turn: agent, text: 非常抱歉}, "
                      "{turn: customer, text: 我打12315}"),
              IsEmpty());
  // Of the other side, of nobody's, and not final.
  EXPECT_THAT(missing("{turn: customer, text: sorry}, {turn: agent, text: 12315}, "
                      "{turn: bot, text: sorry}, {turn: agent, final: false, text: 抱歉}"),
              ::testing::SizeIs(3));
}

TEST(PhraseCoverageTest, TellsLanguages) {
  EXPECT_EQ(LanguageOf("sorry | 12315"), Language::kEnglish);
  EXPECT_EQ(LanguageOf("12315 | 消协"), Language::kChinese);
  EXPECT_EQ(LanguageOf("㐀"), Language::kChinese);
  EXPECT_EQ(LanguageOf("𠀀"), Language::kChinese);
  EXPECT_EQ(LanguageOf("désolé"), std::nullopt);
  EXPECT_EQ(LanguageOf("ごめん"), std::nullopt);
}

TEST(PolicyCoverageTest, OpeningsCountByKind) {
  const v1::Policy policy =
      Policy("openings: [{when: bad_end, level: -0.6}, {when: again}, {when: bad_end}]\n");
  EXPECT_EQ(Cover(policy, {}).total(), 2);
  EXPECT_THAT(Cover(policy, {{"[]", {{Topic::kCards, "", R"({"reason":"bad_end"})"}}}}).Missing(),
              ElementsAre("opening `again` is never suggested"));
}

TEST(PolicyCoverageTest, SharesAreRoundedDown) {
  PolicyCoverage coverage;
  coverage.openings.assign(300, {"x", true});
  coverage.openings[0].said = false;
  EXPECT_EQ(coverage.percent(), 99);
}

}  // namespace
}  // namespace peakend::scenarios
