// Scenario files: what is read, and what is said of those that are wrong.
#include "processors/scenarios/scenario_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "boost/json/serialize.hpp"

namespace peakend::scenarios {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// "line:col: message; help", as many as there are.
std::vector<std::string> ProblemsOf(const std::string& text) {
  std::vector<std::string> said;
  for (const runtime::Diagnostic& problem : ReadScenarioFile("s.yaml", text).diagnostics) {
    said.push_back(absl::StrCat(problem.line, ":", problem.col, ": ", problem.message,
                                problem.help.empty() ? "" : "; ", problem.help));
  }
  return said;
}

// A scenario with these events and expectations, which begin on lines 4 and 5.
std::string Story(const std::string& events, const std::string& expect) {
  return absl::StrCat("- name: n\n  why: w\n  policy: p.yaml\n  events: ", events,
                      "\n  expect: ", expect, "\n");
}

TEST(ScenarioFileTest, ReadsYaml) {
  const ScenarioFile file = ReadScenarioFile("s.yaml", R"(
- name: a-wait
  why: Waiting hurts.
  policy: shipped
  order_insensitive: true
  defaults: {queue: billing, agent: 7}
  events:
    - {at: 0s, lifecycle: QUEUED}
    - {turn: customer, valence: -0.5, text: "太慢了", id: null}
  expect:
    late: 0
)");
  ASSERT_THAT(file.diagnostics, IsEmpty());
  ASSERT_EQ(file.scenarios.size(), 1U);
  const Scenario& scenario = file.scenarios[0];
  EXPECT_EQ(scenario.name, "a-wait");
  EXPECT_EQ(scenario.why, "Waiting hurts.");
  EXPECT_EQ(scenario.file, "s.yaml");
  EXPECT_EQ(scenario.line, 2);
  EXPECT_EQ(scenario.policy, "shipped");
  EXPECT_TRUE(scenario.order_insensitive);
  EXPECT_EQ(boost::json::serialize(scenario.defaults), R"({"queue":"billing","agent":"7"})");
  ASSERT_EQ(scenario.events.size(), 2U);
  EXPECT_EQ(boost::json::serialize(scenario.events[1]),
            R"({"turn":"CUSTOMER","valence":-5E-1,"text":"太慢了","id":null})");
}

TEST(ScenarioFileTest, ReadsJson) {
  const ScenarioFile file = ReadScenarioFile(
      "s.json", R"([{"name": "n", "why": "w", "events": [], "expect": {"exit": 0}}])");
  EXPECT_THAT(file.diagnostics, IsEmpty());
  ASSERT_EQ(file.scenarios.size(), 1U);
  EXPECT_FALSE(file.scenarios[0].order_insensitive);
}

TEST(ScenarioFileTest, NothingIsNoScenario) {
  for (const std::string text : {"", "# nothing yet\n", "[]"}) {
    const ScenarioFile file = ReadScenarioFile("s.yaml", text);
    EXPECT_THAT(file.diagnostics, IsEmpty()) << text;
    EXPECT_THAT(file.scenarios, IsEmpty()) << text;
  }
}

struct BadFile {
  std::string text;
  std::string said;
};

class BadFileTest : public ::testing::TestWithParam<BadFile> {};

TEST_P(BadFileTest, NamesPlaceAndNearest) {
  EXPECT_THAT(ProblemsOf(GetParam().text), ElementsAre(GetParam().said));
}

INSTANTIATE_TEST_SUITE_P(
    Form, BadFileTest,
    ::testing::Values(
        BadFile{"name: n", "1:1: `a scenario file` must be a list, found a map"},
        BadFile{"- story", "1:3: `a scenario` must be a map, found `story`"},
        BadFile{"- {name: n, why: w, events: [], expect: {}, evnts: []}",
                "1:45: unknown key `evnts`; did you mean `events`?"},
        BadFile{"- {why: w, events: [], expect: {}}", "1:3: `name` is missing"},
        BadFile{"- {name: n, events: [], expect: {}}", "1:3: `why` is missing"},
        BadFile{"- {name: '', why: w, events: [], expect: {}}", "1:10: `name` is empty"},
        BadFile{"- {name: n, why: w, expect: {}}", "1:3: `events` is missing"},
        BadFile{"- {name: n, why: w, events: []}", "1:3: `expect` is missing"},
        BadFile{"- {name: n, why: w, events: {}, expect: {}}",
                "1:29: `events` must be a list, found a map"},
        BadFile{"- {name: n, why: w, events: [x], expect: {}}",
                "1:30: `events` must be a map, found `x`"},
        BadFile{"- {name: n, why: w, events: [], expect: []}",
                "1:41: `expect` must be a map, found a list"},
        BadFile{"- {name: n, why: w, events: [], expect: {}, order_insensitive: often}",
                "1:64: `order_insensitive` must be true or false, found `often`"},
        BadFile{"- {name: n, why: w, events: [], expect: {}}\n"
                "- {name: n, why: w, events: [], expect: {}}",
                "2:3: two scenarios are called `n`; the first is on line 1"},
        BadFile{"- {name: n, why: w, events: [",
                "1:1: not valid YAML: end of sequence flow not "
                "found"}));

INSTANTIATE_TEST_SUITE_P(
    Event, BadFileTest,
    ::testing::Values(
        BadFile{Story("[{trun: customer}]", "{}"),
                "4:13: unknown key `trun`; did you mean `turn`?"},
        BadFile{Story("[{turn: custommer}]", "{}"),
                "4:19: `turn` cannot be `custommer`; did you mean `customer`?"},
        BadFile{Story("[{lifecycle: QUEUD}]", "{}"),
                "4:24: `lifecycle` cannot be `QUEUD`; did you mean `QUEUED`?"},
        BadFile{Story("[{turn: agent, channel: FAX}]", "{}"), "4:35: `channel` cannot be `FAX`"},
        BadFile{Story("[{turn: agent, at: 20}]", "{}"),
                "4:30: `at` must be a time such as 20s after the start, or +20s after the event "
                "before, found `20`"},
        BadFile{Story("[{promise: VISIT, due: +1h}]", "{}"),
                "4:34: `due` must be a time after the start such as 20s or 1d2h, found `+1h`"},
        BadFile{Story("[{lifecycle: QUEUED, wait: 99999999d}]", "{}"),
                "4:38: `wait` must be a duration such as 20s or 1d2h, found `99999999d`"},
        BadFile{Story("[{turn: customer, valence: bad}]", "{}"),
                "4:38: `valence` must be a number, or a list of numbers, found `bad`"},
        BadFile{Story("[{turn: customer, valence: []}]", "{}"),
                "4:38: `valence` must be a number, or a list of numbers, found a list"},
        BadFile{Story("[{turn: customer, raw: 3}]", "{}"), "4:12: `raw` needs `scale`"},
        BadFile{Story("[{turn: customer, raw: 3, scale: [1]}]", "{}"),
                "4:44: `scale` must be two numbers, the smallest and the largest, found a list"},
        BadFile{Story("[{survey: 3}]", "{}"), "4:12: `survey` needs `scale`"},
        BadFile{Story("[{baseline: v1}]", "{}"), "4:12: `baseline` needs `cells`"},
        BadFile{Story("[{baseline: v1, cells: [{queue: q}]}]", "{}"), "4:35: `channel` is missing"},
        BadFile{Story("[{turn: agent, signal: HOLD}]", "{}"),
                "4:12: an event is either `turn` or `signal`, not both"},
        BadFile{Story("[{turn: agent, repeat: 0}]", "{}"),
                "4:34: `repeat` must be a whole number from 1 to 10000, found `0`"},
        BadFile{Story("[{turn: agent, segments: gold}]", "{}"),
                "4:36: `segments` must be a list of texts, found `gold`"}));

INSTANTIATE_TEST_SUITE_P(
    Expectation, BadFileTest,
    ::testing::Values(
        BadFile{Story("[]", "{journey: []}"),
                "5:12: unknown key `journey`; did you mean `journeys`?"},
        BadFile{Story("[]", "{journeys: [{scoer: 1}]}"),
                "5:24: unknown key `scoer`; did you mean `score`?"},
        BadFile{Story("[]", "{journeys: {}}"), "5:22: `journeys` must be a list, found a map"},
        BadFile{Story("[]", "{alerts: [{state: OPENED}]}"),
                "5:29: `state` cannot be `OPENED`; did you mean `OPEN`?"},
        BadFile{Story("[]", "{alerts: [{score: {scor: 1}}]}"),
                "5:30: unknown key `scor`; did you mean `score`?"},
        BadFile{Story("[]", "{journeys: [{absent: [pek]}]}"), "5:33: `absent` cannot be `pek`"},
        BadFile{Story("[]", "{journeys: [{score: high}]}"),
                "5:31: `score` must be a number, a range or a time such as @20s, found `high`"},
        BadFile{Story("[]", "{journeys: [{score: {above: high}}]}"),
                "5:39: `above` must be a number, found `high`"},
        BadFile{Story("[]", "{journeys: [{started_at_ms: '@20'}]}"),
                "5:39: `started_at_ms` must be a time after the start such as @20s or @1d2h, found "
                "`@20`"},
        BadFile{Story("[]", "{journeys: [{thin: maybe}]}"),
                "5:30: `thin` must be true or false, found `maybe`"},
        BadFile{Story("[]", "{revisions: {journey: 1}}"),
                "5:24: unknown key `journey`; did you mean `journeys`?"},
        BadFile{Story("[]", "{late: some}"), "5:18: `late` must be a whole number, found `some`"}));

TEST(ScenarioFileTest, NamesEveryProblem) {
  EXPECT_THAT(ProblemsOf(Story("[{trun: x}, {at: 1}]", "{late: x}")),
              ElementsAre("4:13: unknown key `trun`; did you mean `turn`?",
                          "4:28: `at` must be a time such as 20s after the start, or +20s after "
                          "the event before, found `1`",
                          "5:18: `late` must be a whole number, found `x`"));
}

TEST(ScenarioFileTest, BoundsTheEventsOfAScenario) {
  std::string events;
  for (int i = 0; i < 11; ++i) absl::StrAppend(&events, "{turn: agent, repeat: 10000}, ");
  EXPECT_THAT(ProblemsOf(Story(absl::StrCat("[", events, "]"), "{}")),
              ElementsAre("4:11: a scenario has at most 100000 events, found 110000"));
}

TEST(ScenarioFileTest, TellsScenariosFromPolicies) {
  for (const std::string text :
       {"[]", "# why\n\n- name: n\n", "---\n- name: n\n", "\xEF\xBB\xBF[{}]"}) {
    EXPECT_TRUE(LooksLikeScenarios(text)) << text;
  }
  for (const std::string text :
       {"", "name: shop\n", "# - a list\nname: shop", "{\"name\": 1}", "#"}) {
    EXPECT_FALSE(LooksLikeScenarios(text)) << text;
  }
}

}  // namespace
}  // namespace peakend::scenarios
