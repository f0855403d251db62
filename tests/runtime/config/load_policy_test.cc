#include <gtest/gtest.h>

#include <set>
#include <string>

#include "processors/alerts/rule.h"
#include "processors/runtime/config/default_policy.h"
#include "processors/runtime/config/load.h"
#include "processors/runtime/config/policy_version.h"

namespace peakend::runtime {
namespace {

std::string Errors(std::string_view yaml) {
  return RenderDiagnostics(LoadPolicy("rules.yaml", yaml).diagnostics(), false);
}

TEST(LoadPolicy, ShippedPolicyIsValidAndWatchesEverything) {
  const auto result = LoadPolicy("default.yaml", DefaultPolicyYaml());
  ASSERT_TRUE(result.ok()) << RenderDiagnostics(result.diagnostics(), false);
  const v1::Policy& policy = result.value();
  EXPECT_EQ(policy.name(), "default");
  std::set<std::string> watched;
  for (const v1::RulePolicy& rule : policy.rules()) watched.insert(rule.on());
  EXPECT_EQ(watched.size(), alerts::kTriggers);
  ASSERT_GE(policy.rules_size(), 3);
  EXPECT_EQ(policy.rules(0).name(), "negative_peak");
  EXPECT_EQ(policy.rules(0).on(), "impression");
  EXPECT_EQ(policy.rules(0).enter(), -0.75);
  EXPECT_EQ(policy.rules(0).exit(), 0.0);
  EXPECT_EQ(policy.rules(0).severity(), "critical");
  EXPECT_EQ(policy.rules(0).urgency(), "interrupt");
  EXPECT_EQ(policy.rules(1).name(), "score_low");
  EXPECT_EQ(policy.rules(1).enter(), -0.4);
  EXPECT_EQ(policy.rules(1).exit(), -0.2);
  EXPECT_EQ(policy.rules(2).name(), "abandoned");
  EXPECT_EQ(policy.rules(2).urgency(), "list");
  for (const v1::RulePolicy& rule : policy.rules()) {
    EXPECT_FALSE(rule.message_en().empty());
    EXPECT_FALSE(rule.message_zh().empty());
  }
}

TEST(LoadPolicy, AbsentFieldsHaveTheirDefaults) {
  const auto result = LoadPolicy("p.yaml", "name: x\nrules:\n  - {name: a, on: score}\n");
  ASSERT_TRUE(result.ok()) << RenderDiagnostics(result.diagnostics(), false);
  EXPECT_EQ(result.value().version(), "1");
  EXPECT_EQ(result.value().windows().journey_gap().seconds(), 3 * 86400);
  EXPECT_EQ(result.value().windows().max_event_ids(), 8192u);
  EXPECT_EQ(result.value().moments().abandoned_valence(), -0.8);
  EXPECT_EQ(result.value().score().formula(), "experience");
  EXPECT_EQ(result.value().rules(0).enter(), -0.4);
  EXPECT_EQ(result.value().rules(0).cooldown().seconds(), 300);
  EXPECT_EQ(result.value().rules(0).severity(), "warning");
  EXPECT_EQ(result.origins().at("rules[0].on").kind, Origin::Kind::kFile);
  EXPECT_EQ(result.origins().at("rules[0].on").line, 3);
  EXPECT_EQ(result.origins().at("rules[0].enter").kind, Origin::Kind::kDefault);
}

TEST(LoadPolicy, SaysAllThatIsWrong) {
  EXPECT_EQ(
      Errors("name: x\nwindows:\n  journey_gap: 1 day\n  jorney_max: 90d\nrules:\n"
             "  - name: a\n    on: scores\n"),
      R"(error[PE0013]: `journey_gap` must be a duration such as `250ms`, `30s`, `5m` or `3d`, found `1 day`
  --> rules.yaml:3:16
  |
3 |   journey_gap: 1 day
  |                ^

error[PE0012]: unknown field `jorney_max`
  --> rules.yaml:4:3
  |
4 |   jorney_max: 90d
  |   ^
help: did you mean `journey_max`?

error[PE0015]: `on` cannot be `scores`
  --> rules.yaml:7:9
  |
7 |     on: scores
  |         ^
help: did you mean `score`? allowed: impression, score, abandoned, delight, negative_turns, repeat_contact, waiting, promise_at_risk, promise_broken, message_unanswered, peak_unanswered, follow_up_overdue, returning, escalation
)");
}

TEST(PolicyVersion, IsNameVersionAndFirstDigitsOfTheDigest) {
  v1::Policy policy = LoadPolicy("p.yaml", "name: x\nversion: 7").value();
  const std::string digest = PolicyDigest(policy);
  EXPECT_EQ(digest.size(), 16u);
  EXPECT_EQ(PolicyVersionStamp(policy), "x@7+" + digest.substr(0, 8));
  policy.mutable_score()->set_worst_weight(0.2);
  EXPECT_NE(PolicyDigest(policy), digest);
}

TEST(PolicyVersion, IgnoresFormAndWrittenDefaults) {
  const auto a = LoadPolicy("a.yaml", "name: x\n");
  const auto b =
      LoadPolicy("b.yaml", "# note\nversion: '1'\nname: \"x\"\nwindows: {journey_gap: 72h}");
  EXPECT_EQ(PolicyDigest(a.value()), PolicyDigest(b.value()));
}

}  // namespace
}  // namespace peakend::runtime
