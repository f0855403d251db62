// Bounds that need large inputs.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "processors/runtime/config/json_schema.h"
#include "processors/runtime/config/load.h"

namespace peakend::runtime {
namespace {

std::string PolicyWithRules(int count) {
  std::string yaml = "name: many\nrules:\n";
  for (int i = 0; i < count; ++i) {
    yaml += "  - {name: rule" + std::to_string(i) + ", on: score, enter: -0." +
            std::to_string(5000 + i) + "}\n";
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

TEST(PolicyBounds, OpeningsTouchpointsAndScopesAreBounded) {
  const auto codes = [](const std::string& yaml) {
    std::set<std::string> found;
    const auto result = LoadPolicy("p.yaml", "name: x\n" + yaml);
    for (const Diagnostic& each : result.diagnostics()) {
      if (each.severity == Severity::kError) found.insert(each.code);
    }
    return found;
  };
  const std::set<std::string> none;
  const std::set<std::string> too_many = {"PE0025"};
  EXPECT_EQ(codes("openings: " + Entries(100, "{when: known}")), none);
  EXPECT_EQ(codes("openings: " + Entries(101, "{when: known}")), too_many);
  const std::string rule = "rules: [{name: a, on: score, only: ";
  EXPECT_EQ(codes(rule + Entries(100, "{tier: gold}") + "}]"), none);
  EXPECT_EQ(codes(rule + Entries(101, "{tier: gold}") + "}]"), too_many);
  std::string touchpoints = "touchpoints:\n";
  for (int i = 0; i < 1000; ++i) {
    touchpoints += "  - {id: t" + std::to_string(i) + ", stage: pay}\n";
  }
  EXPECT_EQ(codes(touchpoints), none);
  EXPECT_EQ(codes(touchpoints + "  - {id: more, stage: pay}\n"), too_many);
  EXPECT_EQ(codes("touchpoints: [{id: a, stage: pay}, {id: a, stage: order}]"),
            std::set<std::string>{"PE0052"});
}

TEST(PolicyBounds, TextsAreBounded) {
  const auto code = [](const std::string& yaml) {
    const auto result = LoadPolicy("p.yaml", yaml);
    return result.ok() ? "" : result.diagnostics()[0].code;
  };
  EXPECT_EQ(code("name: " + std::string(256, 'n')), "");
  EXPECT_EQ(code("name: " + std::string(257, 'n')), "PE0062");
  const std::string opening = "name: x\nopenings: [{when: known, say_zh: ";
  EXPECT_EQ(code(opening + std::string(4096, 's') + "}]"), "");
  EXPECT_EQ(code(opening + std::string(4097, 's') + "}]"), "PE0062");
  EXPECT_EQ(code(WithCalendar("queues", "[" + std::string(257, 'q') + "]")), "PE0062");
}

// What the core would refuse without a place in the file.
TEST(PolicyBounds, WhatLoadsCompiles) {
  const auto code = [](const std::string& yaml) {
    const auto result = LoadPolicy("p.yaml", "name: x\n" + yaml);
    return result.ok() ? "" : result.diagnostics()[0].code;
  };
  EXPECT_EQ(code("expectations: [{cause: hold, desired: 1ms, adequate: 1.5ms}]"), "PE0028");
  EXPECT_EQ(code("windows: {journey_gap: 3605.0009s}"), "PE0013");
  EXPECT_EQ(code("windows: {journey_gap: 3605001.5ms, allowed_lateness: 3600001.2ms}"), "PE0020");
  EXPECT_EQ(code("score: {worst_weight: 0.3333333334, tail_weight: 0.6666666658}"), "PE0023");
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
