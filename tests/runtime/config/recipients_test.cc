// Whom alerts go to: what a policy may not say of recipients, and where that is shown.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/runtime/config/load.h"

namespace peakend::runtime {
namespace {

struct RecipientsCase {
  std::string name;
  std::string yaml;               // behind the first line, `name: p`
  std::vector<std::string> said;  // errors first, as they come
};

void PrintTo(const RecipientsCase& each, std::ostream* out) { *out << each.name; }

class Recipients : public testing::TestWithParam<RecipientsCase> {};

TEST_P(Recipients, AreChecked) {
  std::vector<std::string> said;
  const auto result = LoadPolicy("p.yaml", "name: p\n" + GetParam().yaml);
  for (const Diagnostic& each : result.diagnostics()) {
    said.push_back(absl::StrCat(each.severity == Severity::kError ? "error " : "warning ",
                                each.code, " ", each.line, ":", each.col, " ", each.message,
                                each.help.empty() ? "" : " | ", each.help));
  }
  EXPECT_THAT(said, testing::ElementsAreArray(GetParam().said));
}

std::string Rule(const std::string& recipients) {
  return absl::StrCat("\nrules: [{name: a, on: score, recipients: ", recipients, "}]");
}

const std::vector<RecipientsCase> kCases = {
    {"NoListLetsAnyNameIn", Rule("[whoever]"), {}},
    {"AChain",
     "recipients: [{name: a, escalate_to: b, after: 5m}, {name: b, escalate_to: c, after: 7d},"
     " {name: c}]" +
         Rule("[a]"),
     {}},
    {"UnknownInARule",
     "recipients: [{name: lead}, {name: desk}]" + Rule("[desk, laed, lead]"),
     {"error PE0064 3:49 recipient `laed` is not among `recipients` | did you mean `lead`?"}},
    {"UnknownNextOne",
     "recipients: [{name: lead, escalate_to: manger, after: 1m}, {name: manager}]" +
         Rule("[lead, manager]"),
     {"error PE0064 2:40 recipient `manger` is not among `recipients` | did you mean `manager`?"}},
    {"UnknownAndUnlikeAny",
     "recipients: [{name: lead}]" + Rule("[lead, x]"),
     {"error PE0064 3:49 recipient `x` is not among `recipients` | add it to the list"}},
    {"TwoOfOneName",
     "recipients: [{name: a}, {name: b}, {name: a}]" + Rule("[a, b]"),
     {"error PE0063 2:43 two recipients are called `a` | the first one is recipient 1 of the"
      " list"}},
    {"NoTime",
     "recipients: [{name: a, escalate_to: b}, {name: b}]" + Rule("[a]"),
     {"error PE0065 2:37 `escalate_to` needs an `after` | how long somebody has to take an alert,"
      " such as 15m"}},
    {"NobodyNext",
     "recipients: [{name: a, after: 5m}]" + Rule("[a]"),
     {"error PE0065 2:31 `after` says nothing without `escalate_to` | name whom alerts go to"}},
    {"ACircle",
     "recipients: [{name: x, escalate_to: a, after: 1m}, {name: a, escalate_to: b, after: 1m},"
     " {name: b, escalate_to: a, after: 1m}]" +
         Rule("[x]"),
     {"error PE0066 2:75 alerts would come back to whom they came from: a -> b -> a"}},
    {"ToThemselves",
     "recipients: [{name: a, escalate_to: a, after: 1m}]" + Rule("[a]"),
     {"error PE0066 2:37 alerts would come back to whom they came from: a -> a"}},
    {"NobodySendsToThem",
     "recipients: [{name: a, escalate_to: b, after: 1m}, {name: b}, {name: c}]" + Rule("[a]"),
     {"warning PE0067 2:70 nobody sends alerts to recipient `c` | name it in `recipients` of a"
      " rule or in `escalate_to`"}},
};

std::string CaseName(const testing::TestParamInfo<RecipientsCase>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(All, Recipients, testing::ValuesIn(kCases), CaseName);

std::string FirstCode(const std::string& yaml) {
  const auto result = LoadPolicy("p.yaml", "name: p\n" + yaml);
  return result.diagnostics().empty() ? "" : result.diagnostics().front().code;
}

TEST(RecipientsTest, TimesHaveBounds) {
  const auto code = [](const std::string& after) {
    return FirstCode("recipients: [{name: a, escalate_to: b, after: " + after + "}, {name: b}]" +
                     Rule("[a]"));
  };
  EXPECT_EQ(code("1s"), "");
  EXPECT_EQ(code("7d"), "");
  EXPECT_EQ(code("999ms"), code("8d"));
  EXPECT_NE(code("999ms"), "");
}

// A list of a hundred is a chain of a hundred; a circle of a hundred is told in short.
TEST(RecipientsTest, ListsHaveBounds) {
  const auto chain = [](int count, int last_to) {
    std::string rows;
    for (int i = 0; i < count; ++i) {
      const int next = i + 1 < count ? i + 1 : last_to;
      absl::StrAppend(&rows, i == 0 ? "" : ", ", "{name: r", i);
      if (next >= 0) absl::StrAppend(&rows, ", escalate_to: r", next, ", after: 1m");
      rows += "}";
    }
    return "recipients: [" + rows + "]" + Rule("[r0]");
  };
  EXPECT_EQ(FirstCode(chain(100, -1)), "");
  EXPECT_NE(FirstCode(chain(101, -1)), "");
  const auto result = LoadPolicy("p.yaml", "name: p\n" + chain(100, 0));
  ASSERT_EQ(result.diagnostics().size(), 1U);
  EXPECT_EQ(result.diagnostics()[0].message,
            "alerts would come back to whom they came from: r0 -> r1 -> r2 -> r3 -> r4 -> r5 -> r6"
            " -> r7 -> r8 -> r9 -> ... -> r0");
}

}  // namespace
}  // namespace peakend::runtime
