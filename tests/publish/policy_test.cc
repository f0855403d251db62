// What a policy compiles to, and which broken invariants are named.
#include "processors/publish/policy.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace peakend::publish {
namespace {

v1::Policy ValidPolicy() {
  v1::Policy policy;
  v1::WindowPolicy* windows = policy.mutable_windows();
  windows->mutable_contact_gap()->set_seconds(1800);
  windows->mutable_contact_gap_email()->set_seconds(7 * 86'400);
  windows->mutable_journey_gap()->set_seconds(3 * 86'400);
  windows->mutable_journey_max()->set_seconds(90 * 86'400);
  windows->mutable_max_out_of_orderness()->set_seconds(5);
  windows->mutable_allowed_lateness()->set_seconds(3600);
  windows->mutable_short_abandon()->set_nanos(500'000'000);
  windows->mutable_memory()->set_seconds(86'400);
  windows->mutable_statistics_window()->set_seconds(3600);
  windows->set_max_contacts(64);
  windows->set_max_event_ids(8192);
  policy.mutable_moments()->set_peak_floor(0.3);
  policy.mutable_moments()->set_opening_turns(2);
  policy.mutable_moments()->set_tail_max(32);
  policy.mutable_moments()->set_abandoned_valence(-0.8);
  policy.mutable_moments()->set_resolved_valence(0.4);
  policy.mutable_score()->set_formula("experience");
  policy.mutable_score()->set_worst_weight(0.1);
  policy.mutable_score()->set_tail_weight(0.9);
  v1::RulePolicy* rule = policy.add_rules();
  rule->set_name("low");
  rule->set_on("score");
  rule->set_enter(-0.4);
  rule->set_exit(-0.2);
  rule->set_severity("critical");
  rule->set_urgency("interrupt");
  rule->mutable_cooldown()->set_seconds(300);
  rule->mutable_follow_up_within()->set_seconds(86'400);
  rule->set_min_impressions(3);
  return policy;
}

// The message of the error that `change` makes of a valid policy.
std::string ErrorAfter(const std::function<void(v1::Policy&)>& change) {
  v1::Policy policy = ValidPolicy();
  change(policy);
  const absl::StatusOr<Policy> compiled = CompilePolicy(policy, "stamp");
  EXPECT_EQ(compiled.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(compiled.status().message());
}

TEST(PolicyTest, LinksNobodyWithoutIdentities) {
  v1::Policy policy = ValidPolicy();
  const absl::StatusOr<Policy> without = CompilePolicy(policy, "");
  ASSERT_TRUE(without.ok()) << without.status();
  EXPECT_FALSE(without->identities.has_value());
  policy.add_identities()->set_type("customer");
  const absl::StatusOr<Policy> with = CompilePolicy(policy, "");
  ASSERT_TRUE(with.ok()) << with.status();
  EXPECT_EQ(with->identities->types.size(), 1U);
}

TEST(PolicyTest, CompilesToIntegers) {
  const absl::StatusOr<Policy> policy = CompilePolicy(ValidPolicy(), "p@1+00");
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ(policy->stamp, "p@1+00");
  EXPECT_EQ(policy->formula, "experience");
  EXPECT_EQ(policy->windows.journey_gap_ms, 3 * 86'400'000);
  EXPECT_EQ(policy->windows.statistics_window_ms, 3'600'000);
  EXPECT_EQ(policy->windows.short_abandon_ms, 500);
  EXPECT_EQ(policy->model.peak_floor, 300'000'000);
  EXPECT_EQ(policy->model.abandoned_valence, -800'000'000);
  ASSERT_EQ(policy->rules.size(), 1U);
  EXPECT_EQ(policy->rules[0].trigger, alerts::Trigger::kScore);
  EXPECT_EQ(policy->rules[0].enter, -400'000'000);
  EXPECT_EQ(policy->rules[0].severity, v1::Alert::CRITICAL);
  EXPECT_EQ(policy->rules[0].urgency, v1::Alert::INTERRUPT);
  EXPECT_EQ(policy->rules[0].cooldown_ms, 300'000);
  EXPECT_EQ(policy->rules[0].min_impressions, 3U);
  EXPECT_EQ(policy->rules[0].snooze_ms, 1'800'000);
}

TEST(PolicyTest, SnoozesTheAlertsOfEveryRuleForAsLongAsItSays) {
  v1::Policy written = ValidPolicy();
  *written.add_rules() = written.rules(0);
  written.mutable_rules(1)->set_name("other");
  written.mutable_alert_snooze()->set_seconds(90);
  const absl::StatusOr<Policy> policy = CompilePolicy(written, "");
  ASSERT_TRUE(policy.ok()) << policy.status();
  for (const alerts::Rule& rule : policy->rules) EXPECT_EQ(rule.snooze_ms, 90'000) << rule.name;
}

TEST(PolicyTest, NamesTheBrokenWindow) {
  EXPECT_EQ(ErrorAfter([](v1::Policy& p) {
              p.mutable_windows()->mutable_journey_gap()->set_seconds(3605);
            }),
            "windows.journey_gap must exceed max_out_of_orderness + allowed_lateness");
  EXPECT_EQ(ErrorAfter([](v1::Policy& p) {
              p.mutable_windows()->mutable_journey_max()->set_seconds(6 * 86'400 - 1);
            }),
            "windows.journey_max must be at least twice journey_gap");
  EXPECT_NE(ErrorAfter([](v1::Policy& p) {
              p.mutable_windows()->set_max_contacts(0);
            }).find("max_contacts"),
            std::string::npos);
}

TEST(PolicyTest, WindowsAtTheBoundAreFine) {
  v1::Policy policy = ValidPolicy();
  policy.mutable_windows()->mutable_journey_gap()->set_seconds(3606);
  policy.mutable_windows()->mutable_journey_max()->set_seconds(7212);
  EXPECT_TRUE(CompilePolicy(policy, "").ok());
}

TEST(PolicyTest, ConditionsKnowNoEvent) {
  const auto scoped = [](const std::string& on) {
    return [on](v1::Policy& p) {
      p.mutable_rules(0)->set_on(on);
      v1::RuleScope* scope = p.mutable_rules(0)->add_only();
      scope->set_channel("any");
      scope->set_cause("any");
      scope->set_language("zh");
    };
  };
  EXPECT_NE(ErrorAfter(scoped("waiting")).find("a condition holds without an event"),
            std::string::npos);
  v1::Policy policy = ValidPolicy();
  scoped("score")(policy);
  EXPECT_TRUE(CompilePolicy(policy, "").ok());
}

TEST(PolicyTest, NamesTheBrokenScore) {
  EXPECT_EQ(ErrorAfter([](v1::Policy& p) { p.mutable_score()->set_tail_weight(0.8); }),
            "score: worst_weight and tail_weight must sum to 1");
  EXPECT_EQ(ErrorAfter([](v1::Policy& p) { p.mutable_score()->set_formula("magic"); }),
            "score.formula: unknown formula `magic`");
  for (const uint32_t tail_max : {0, 1, 33}) {
    EXPECT_EQ(ErrorAfter([&](v1::Policy& p) { p.mutable_moments()->set_tail_max(tail_max); }),
              "moments.tail_max must be between 2 and 32");
  }
}

TEST(PolicyTest, NamesTheBrokenRule) {
  EXPECT_EQ(ErrorAfter([](v1::Policy& p) { p.mutable_rules(0)->set_exit(-0.5); }),
            "rules.low: exit must not be below enter");
  EXPECT_EQ(ErrorAfter([](v1::Policy& p) { p.mutable_rules(0)->set_on("mood"); }),
            "rules.low.on: unknown trigger `mood`");
}

TEST(PolicyTest, HasAtMostAThousandRules) {
  v1::Policy policy = ValidPolicy();
  const v1::RulePolicy rule = policy.rules(0);
  while (policy.rules_size() < 1000) *policy.add_rules() = rule;
  EXPECT_TRUE(CompilePolicy(policy, "").ok());
  *policy.add_rules() = rule;
  EXPECT_EQ(CompilePolicy(policy, "").status().message(), "rules: more than 1000");
}

TEST(PolicyTest, EveryFormulaCompiles) {
  v1::Policy policy = ValidPolicy();
  for (const char* formula : {"experience", "classical", "worst_end", "mean"}) {
    policy.mutable_score()->set_formula(formula);
    EXPECT_TRUE(CompilePolicy(policy, "").ok()) << formula;
  }
}

}  // namespace
}  // namespace peakend::publish
