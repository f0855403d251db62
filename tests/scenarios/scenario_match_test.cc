// Which values an expectation takes, and what is said of the others.
#include "processors/scenarios/scenario_match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/adapters/json_document.h"
#include "processors/runtime/config/problems.h"
#include "processors/runtime/config/source_text.h"

namespace peakend::scenarios {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

std::string Text(const Difference& difference) {
  return absl::StrCat(difference.line, " ", difference.where, ": ", difference.expected, " | ",
                      difference.got);
}

std::vector<std::string> Differences(const std::string& want, const std::string& got) {
  const runtime::SourceText source("s.yaml", want);
  runtime::Problems problems(&source);
  const auto node = runtime::ParseYaml(source, problems);
  const auto value = adapters::ParseJson(got);
  EXPECT_TRUE(node.has_value() && value.ok()) << want << got;
  std::vector<Difference> found;
  Match(*node, *value, "r", &found);
  std::vector<std::string> texts;
  for (const Difference& difference : found) texts.push_back(Text(difference));
  return texts;
}

struct Case {
  std::string want;
  std::string got;
  std::vector<std::string> differences = {};
};

class MatchTest : public ::testing::TestWithParam<Case> {};

TEST_P(MatchTest, SaysWhatDiffers) {
  EXPECT_THAT(Differences(GetParam().want, GetParam().got),
              ElementsAreArray(GetParam().differences));
}

INSTANTIATE_TEST_SUITE_P(
    Values, MatchTest,
    ::testing::Values(
        Case{"1", "1"}, Case{"1", "1.0"}, Case{"0.3", "0.3000009"},
        Case{"0.3", "0.300002", {"1 r: 0.3 | 0.300002"}}, Case{"1", "2", {"1 r: 1 | 2"}},
        Case{"1736154000001", "1736154000002", {"1 r: 1736154000001 | 1736154000002"}},
        Case{"'1'", "1", {"1 r: \"1\" | 1"}}, Case{"1", "\"1\"", {"1 r: 1 | \"1\""}},
        Case{"true", "true"}, Case{"true", "1", {"1 r: true | 1"}}, Case{"好", "\"好\""},
        Case{"a", "null", {"1 r: \"a\" | null"}}, Case{"'@20s'", "1736154020000"},
        Case{"'@20s'", "1736154021000", {"1 r: 1736154020000 (@20s) | 1736154021000"}}));

INSTANTIATE_TEST_SUITE_P(
    Ranges, MatchTest,
    ::testing::Values(
        Case{"{above: 1}", "1.5"}, Case{"{above: 1, below: 2}", "1.5"},
        Case{"{above: 1}", "1", {"1 r: above 1 | 1"}},
        Case{"{below: -0.5}", "-0.5", {"1 r: below -0.5 | -0.5"}},
        Case{"{above: 1, below: 2}", "\"x\"", {"1 r: above 1 | \"x\"", "1 r: below 2 | \"x\""}}));

INSTANTIATE_TEST_SUITE_P(
    Structures, MatchTest,
    ::testing::Values(
        Case{"{a: 1}", R"({"a": 1, "b": 2})"}, Case{"{}", R"({"a": 1})"},
        Case{"{a: 1}", "{}", {"1 r.a: 1 | nothing"}},
        Case{"a: 1\nb: {c: x}", R"({"a": 1, "b": {"c": "y"}})", {"2 r.b.c: \"x\" | \"y\""}},
        Case{"absent: [a,\n b]", R"({"b": 3})", {"2 r.b: nothing | 3"}},
        Case{"{a: 1}", "[]", {"1 r: an object | []"}}, Case{"[]", "{}", {"1 r: a list | {}"}},
        Case{"[1, 2]", "[1, 3]", {"1 r[1]: 2 | 3"}},
        Case{"[1]", "[1, 2]", {"1 r: 1 element | 2 elements"}}, Case{"[]", "[]"},
        Case{"[{a: 1}]", R"([{"a": 2}])", {"1 r[0].a: 1 | 2"}}));

std::vector<std::string> Comparison(const std::string& want, const std::string& got) {
  std::vector<Difference> found;
  Compare(*adapters::ParseJson(want), *adapters::ParseJson(got), "r", &found);
  std::vector<std::string> texts;
  for (const Difference& difference : found) texts.push_back(Text(difference));
  return texts;
}

TEST(CompareTest, BothMustHaveTheSame) {
  EXPECT_THAT(Comparison(R"([{"a": 1, "b": [1]}])", R"([{"b": [1.0], "a": 1}])"), IsEmpty());
  EXPECT_THAT(Comparison(R"({"a": 1})", R"({"b": 1})"),
              ElementsAre("0 r.a: 1 | nothing", "0 r.b: nothing | 1"));
  EXPECT_THAT(Comparison("[1]", "[1, 2]"), ElementsAre("0 r: 1 element | 2 elements"));
  EXPECT_THAT(Comparison("[1]", "{}"), ElementsAre("0 r: [1] | {}"));
}

}  // namespace
}  // namespace peakend::scenarios
