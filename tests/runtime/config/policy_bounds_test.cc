// Bounds that need large inputs.
#include <gtest/gtest.h>

#include <string>

#include "processors/runtime/config/json_schema.h"
#include "processors/runtime/config/load.h"

namespace peakend::runtime {
namespace {

std::string PolicyWithRules(int count) {
  std::string yaml = "name: many\nrules:\n";
  for (int i = 0; i < count; ++i) {
    yaml += "  - {name: rule" + std::to_string(i) + ", on: score}\n";
  }
  return yaml;
}

TEST(PolicyBounds, TakeAThousandRulesAndNotOneMore) {
  EXPECT_TRUE(LoadPolicy("p.yaml", PolicyWithRules(1000)).ok());
  const auto result = LoadPolicy("p.yaml", PolicyWithRules(1001));
  ASSERT_EQ(result.diagnostics().size(), 1u);
  EXPECT_EQ(result.diagnostics()[0].code, "PE0025");
}

std::string Entries(int count, std::string_view entry) {
  std::string list = "[";
  for (int i = 0; i < count; ++i) list += std::string(entry) + ", ";
  return list + "]";
}

std::string WithCalendar(std::string_view field, const std::string& entries) {
  return "name: x\ncalendars:\n  - {name: desk, hours: [Mon 09:00-18:00], " + std::string(field) +
         ": " + entries + "}\n";
}

TEST(PolicyBounds, CalendarsAreBounded) {
  const auto code = [](const std::string& yaml) {
    const auto result = LoadPolicy("p.yaml", yaml);
    return result.diagnostics().empty() ? "" : result.diagnostics()[0].code;
  };
  EXPECT_EQ(code(WithCalendar("holidays", Entries(400, "2026-10-01"))), "");
  EXPECT_EQ(code(WithCalendar("holidays", Entries(401, "2026-10-01"))), "PE0025");
  EXPECT_EQ(code(WithCalendar("workdays", Entries(400, "2026-10-10"))), "");
  EXPECT_EQ(code(WithCalendar("workdays", Entries(401, "2026-10-10"))), "PE0025");
  EXPECT_EQ(
      code("name: x\ncalendars:\n  - {name: a, hours: " + Entries(50, "Mon 09:00-18:00") + "}"),
      "");
  EXPECT_EQ(
      code("name: x\ncalendars:\n  - {name: a, hours: " + Entries(51, "Mon 09:00-18:00") + "}"),
      "PE0025");
  std::string queues = "[";
  for (int i = 0; i < 1000; ++i) queues += "q" + std::to_string(i) + ", ";
  EXPECT_EQ(code(WithCalendar("queues", queues + "]")), "");
  EXPECT_EQ(code(WithCalendar("queues", queues + "more]")), "PE0025");
  std::string calendars = "name: x\ncalendars:\n";
  for (int i = 0; i < 100; ++i) {
    const std::string name = "c" + std::to_string(i);
    calendars += "  - {name: " + name + ", hours: [Mon 09:00-18:00], queues: [" + name + "]}\n";
  }
  EXPECT_EQ(code(calendars), "");
  EXPECT_EQ(code(calendars + "  - {name: more, hours: [Mon 09:00-18:00]}\n"), "PE0025");
}

TEST(PolicyBounds, IdentitiesAreBounded) {
  std::string yaml = "name: x\nidentities:\n";
  for (int i = 0; i < 16; ++i) {
    yaml += "  - {type: t" + std::to_string(i) + ", max_customers: 2}\n";
  }
  EXPECT_TRUE(LoadPolicy("p.yaml", yaml).ok());
  const auto result = LoadPolicy("p.yaml", yaml + "  - {type: more, max_customers: 64}\n");
  ASSERT_EQ(result.diagnostics().size(), 1u);
  EXPECT_EQ(result.diagnostics()[0].code, "PE0025");
}

TEST(PolicyBounds, TextOfAliasesIsBoundedToo) {
  std::string yaml = "name: &n \"" + std::string(1'000'000, 'x') + "\"\nrules:\n";
  for (int i = 0; i < 100; ++i) yaml += "  - {name: *n, on: score}\n";
  const auto result = LoadPolicy("p.yaml", yaml);
  ASSERT_EQ(result.diagnostics().size(), 1u);
  EXPECT_EQ(result.diagnostics()[0].code, "PE0006");
}

TEST(PolicyBounds, LongLinesAreShownInPart) {
  const auto result =
      LoadPolicy("p.yaml", "name: x\nscore: {" + std::string(5000, ' ') + "formul: a}");
  ASSERT_EQ(result.diagnostics().size(), 1u);
  EXPECT_LE(result.diagnostics()[0].source_line.size(), 120u);
  EXPECT_EQ(result.diagnostics()[0].source_line.substr(
                static_cast<size_t>(result.diagnostics()[0].caret), 6),
            "formul");
}

TEST(PolicyBounds, AliasesOfOrdinarySizeWork) {
  const auto result = LoadPolicy("p.yaml",
                                 "name: x\nrules:\n  - &r {name: a, on: score}\n"
                                 "  - {name: b, on: &on impression}\n  - {name: c, on: *on}\n");
  ASSERT_TRUE(result.ok()) << RenderDiagnostics(result.diagnostics(), false);
  EXPECT_EQ(result.value().rules(2).on(), "impression");
}

TEST(JsonSchema, NamesRequiredFieldsBoundsAndChoices) {
  const std::string schema = JsonSchema(*v1::Policy::descriptor(), "policy", References::kNone);
  EXPECT_NE(schema.find("\"required\": [\"name\", \"on\"]"), std::string::npos);
  EXPECT_NE(schema.find("\"enum\": [\"impression\", \"score\", \"abandoned\", \"delight\","),
            std::string::npos);
  EXPECT_NE(schema.find("\"maximum\": 1024"), std::string::npos);
}

}  // namespace
}  // namespace peakend::runtime
