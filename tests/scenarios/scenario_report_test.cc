// How a scenario is run and judged, and what is said of it. The program is played by a
// function that gives records by hand.
#include "processors/scenarios/scenario_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "boost/json/serialize.hpp"
#include "processors/scenarios/scenario_file.h"
#include "processors/scenarios/scenario_run.h"

namespace peakend::scenarios {
namespace {

using publish::Topic;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Scenario Read(const std::string& text) {
  ScenarioFile file = ReadScenarioFile("stories.yaml", text);
  EXPECT_THAT(file.diagnostics, IsEmpty());
  return file.scenarios.empty() ? Scenario() : std::move(file.scenarios[0]);
}

Pipeline Gives(Outcome outcome) {
  return [outcome = std::move(outcome)](const std::vector<InputLine>&, int32_t) {
    return absl::StatusOr<Outcome>(outcome);
  };
}

Verdict Judge(const std::string& text, const Pipeline& pipeline) {
  Scenario scenario = Read(text);
  absl::StatusOr<ScenarioResult> result = RunScenario(scenario, pipeline);
  EXPECT_TRUE(result.ok());
  return {std::move(scenario), *std::move(result), 0.25};
}

OutputRecord Journey(const std::string& id, int version, double score, bool deleted = false) {
  return {
      Topic::kJourneys, "p1",
      absl::StrCat(R"({"journey_id":")", id, R"(","row_version":)", version, R"(,"is_deleted":)",
                   deleted ? "true" : "false",
                   R"(,"started_at_ms":0,"tenant_id":"","customer_id":"p1","score":)", score, "}")};
}

constexpr char kStory[] = R"(
- name: a-wait
  why: Waiting hurts.
  events: [{turn: customer}]
  expect:
    journeys:
      - score: -0.4
    late: 0
)";

TEST(ScenarioReportTest, SaysWhatDiffersAndWhatCameOut) {
  Outcome outcome;
  outcome.records = {Journey("j", 1, -0.1), Journey("j", 2, -0.2), {Topic::kLate, "", "{}"}};
  outcome.talk = "error: events:1: rejected: late\n";
  std::string text;
  AppendFailure(Judge(kStory, Gives(outcome)), &text);
  EXPECT_EQ(text, R"(FAILED a-wait: Waiting hurts.
  stories.yaml:7: journeys[0].score
      expected -0.4
      got      -0.2
  stories.yaml:8: late
      expected 0
      got      1
  3 such records came out, shortened:
    journeys: journey_id j, row_version 1, customer_id p1, score -0.1
    journeys: journey_id j, row_version 2, customer_id p1, score -0.2
    late-events: 
  the program said (exit 0):
    error: events:1: rejected: late
)");
}

TEST(ScenarioReportTest, BoundsWhatIsShown) {
  Outcome outcome;
  for (int i = 0; i < 30; ++i) outcome.records.push_back(Journey(absl::StrCat("j", i), 1, 0));
  Verdict verdict = Judge(kStory, Gives(outcome));
  verdict.result.differences.assign(25, {"x", "1", "2", 0});
  std::string text;
  AppendFailure(verdict, &text);
  EXPECT_THAT(text, HasSubstr("  and 5 more differences\n"));
  EXPECT_THAT(text, HasSubstr("  the last 12 of 30 such records, shortened:\n"));
  EXPECT_THAT(text, HasSubstr("  stories.yaml:2: x\n"));  // the scenario, where no line is known
}

TEST(ScenarioReportTest, ShowsOnlyWhatDiffers) {
  Outcome outcome;
  outcome.records = {Journey("j", 1, -0.4), {Topic::kMoments, "", R"({"kind":"END"})"}};
  Verdict verdict = Judge(kStory, Gives(outcome));
  verdict.result.differences = {{"moments[?].kind", "1", "2", 0}};
  std::string text;
  AppendFailure(verdict, &text);
  EXPECT_THAT(text, HasSubstr("  1 such record came out, shortened:\n    moments: kind END"));
  verdict.result.differences = {{"alerts", "1 element", "0 elements", 0}};
  text.clear();
  AppendFailure(verdict, &text);
  EXPECT_THAT(text, HasSubstr("  none of these came out\n"));
  verdict.result.differences = {{"exit", "0", "65", 0}};
  text.clear();
  AppendFailure(verdict, &text);
  EXPECT_THAT(text, HasSubstr("  2 such records came out"));
}

TEST(ScenarioReportTest, CountsAndNames) {
  Outcome good;
  good.records = {Journey("j", 1, -0.4)};
  const Verdict passed = Judge(kStory, Gives(good));
  EXPECT_TRUE(passed.result.passed());
  std::string text;
  AppendSummary({passed}, &text);
  AppendSummary({passed, Judge(kStory, Gives({}))}, &text);
  EXPECT_EQ(text, "1 scenario, 0 failed\n2 scenarios, 1 failed\n");
  EXPECT_EQ(
      boost::json::serialize(VerdictJson(Judge(kStory, Gives({})))),
      R"({"name":"a-wait","file":"stories.yaml","line":2,"passed":false,"differences":[)"
      R"({"where":"journeys","line":7,"variant":"","expected":"1 element","got":"0 elements"}]})");
}

TEST(ScenarioReportTest, WritesJUnit) {
  Verdict failed = Judge(kStory, Gives({}));
  failed.scenario.why = "Is <it> \"&\" so?\x01";
  Outcome good;
  good.records = {Journey("j", 1, -0.4)};
  std::string text;
  AppendJUnit({Judge(kStory, Gives(good)), failed}, &text);
  EXPECT_EQ(text, R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="2" failures="1">
  <testsuite name="stories.yaml" tests="2" failures="1" time="0.500">
    <testcase classname="stories.yaml" name="a-wait" file="stories.yaml" line="2" time="0.250"/>
    <testcase classname="stories.yaml" name="a-wait" file="stories.yaml" line="2" time="0.250">
      <failure message="Is &lt;it&gt; &quot;&amp;&quot; so??">FAILED a-wait: Is &lt;it&gt; &quot;&amp;&quot; so??
  stories.yaml:7: journeys
      expected 1 element
      got      0 elements
  nothing came out
</failure>
    </testcase>
  </testsuite>
</testsuites>
)");
}

// The differences of a story that expects `expect`, as "where|variant".
std::vector<std::string> Found(const std::string& expect, const Pipeline& pipeline,
                               const std::string& more = "") {
  const Verdict verdict = Judge(
      absl::StrCat("- {name: n, why: w, ", more, "events: [{turn: agent}], expect: ", expect, "}"),
      pipeline);
  std::vector<std::string> found;
  for (const Difference& difference : verdict.result.differences) {
    found.push_back(absl::StrCat(difference.where, "|", difference.variant));
  }
  return found;
}

TEST(ScenarioRunTest, JudgesEachMember) {
  Outcome outcome;
  outcome.exit_code = 65;
  outcome.talk = "said this";
  outcome.records = {Journey("j", 2, 0.5),
                     Journey("j", 1, 0.1),  // an older version that comes late
                     Journey("gone", 1, 0.9, true),
                     {Topic::kMoments, "",
                      R"({"moment_id":"m","row_version":1,"is_deleted":false,)"
                      R"("kind":"END","valence":0.3})"},
                     {Topic::kMoments, "",
                      R"({"moment_id":"x","row_version":2,"is_deleted":true,)"
                      R"("kind":"END","valence":0.7,"merged_into":"q"})"}};
  const Pipeline pipeline = Gives(outcome);
  for (const std::string expect :
       {"{exit: 65}", "{exit: 65, journeys: [{score: 0.5}]}", "{exit: 65, alerts: []}",
        "{exit: 65, moments: [{kind: END, valence: 0.3}]}", "{exit: 65, merged_into: [q]}",
        "{exit: 65, revisions: {journeys: 3, moments: 2}}", "{exit: 65, nowhere: [secret]}",
        "{exit: 65, stderr: [this]}", "{exit: 65, late: 0}"}) {
    EXPECT_THAT(Found(expect, pipeline), IsEmpty()) << expect;
  }
  EXPECT_THAT(Found("{}", pipeline), ElementsAre("exit|"));
  EXPECT_THAT(Found("{exit: 65, moments: [{kind: END, valence: 0.7}, {kind: OPENING}]}", pipeline),
              ElementsAre("moments[?].valence|", "moments|"));
  EXPECT_THAT(Found("{exit: 65, merged_into: []}", pipeline), ElementsAre("merged_into|"));
  EXPECT_THAT(Found("{exit: 65, revisions: {journeys: 2}}", pipeline),
              ElementsAre("revisions.journeys|"));
  EXPECT_THAT(Found("{exit: 65, nowhere: [p1]}", pipeline), ElementsAre("nowhere|"));
  EXPECT_THAT(Found("{exit: 65, stderr: [that]}", pipeline), ElementsAre("stderr|"));
}

TEST(ScenarioRunTest, ArrivalsMustMakeNoDifference) {
  std::vector<int32_t> partitions;
  const Pipeline by_partition = [&](const std::vector<InputLine>&, int32_t count) {
    partitions.push_back(count);
    Outcome outcome;
    outcome.records = {Journey("j", count, count)};
    return absl::StatusOr<Outcome>(outcome);
  };
  EXPECT_THAT(Found("{}", by_partition), ElementsAre("journeys[0].score|with 4 partitions"));
  EXPECT_THAT(Found("{late: 1}", by_partition), ElementsAre("late|"));
  EXPECT_THAT(partitions, ElementsAre(1, 4, 1));
  const Pipeline by_count = [](const std::vector<InputLine>& lines, int32_t) {
    Outcome outcome;
    outcome.records = {Journey("j", 1, static_cast<double>(lines.size()))};
    return absl::StatusOr<Outcome>(outcome);
  };
  EXPECT_THAT(Found("{}", by_count), IsEmpty());
  EXPECT_THAT(
      Found("{}", by_count, "order_insensitive: true, "),
      ElementsAre("journeys[0].score|every event twice", "journeys[0].score|shuffled and twice"));
}

TEST(ScenarioRunTest, HandsOnThatTheProgramFailed) {
  const Pipeline broken = [](const std::vector<InputLine>&, int32_t) {
    return absl::StatusOr<Outcome>(absl::InternalError("broken"));
  };
  EXPECT_EQ(RunScenario(Read(kStory), broken).status(), absl::InternalError("broken"));
}

}  // namespace
}  // namespace peakend::scenarios
