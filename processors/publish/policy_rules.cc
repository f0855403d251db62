#include "processors/publish/policy_rules.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "processors/journey/cause.h"
#include "processors/publish/channel_name.h"
#include "processors/publish/duration.h"

namespace peakend::publish {
namespace {

constexpr int kMostRecipients = 16;

absl::StatusOr<alerts::RuleScope> CompileScope(const v1::RuleScope& policy) {
  alerts::RuleScope scope;
  const std::optional<int> channel = ChannelNamed(policy.channel());
  if (policy.cause() != "any") scope.cause = journey::CauseNamed(policy.cause());
  if (!channel || (policy.cause() != "any" && !scope.cause)) {
    return absl::InvalidArgumentError(absl::StrCat("only: unknown channel `", policy.channel(),
                                                   "` or cause `", policy.cause(), "`"));
  }
  scope.queue_id = policy.queue();
  scope.channel = *channel;
  scope.tier = policy.tier();
  scope.touchpoint_id = policy.touchpoint();
  scope.language = policy.language();
  scope.producer = policy.producer();
  scope.scale = policy.scale();
  return scope;
}

absl::Status CompileScopes(const v1::RulePolicy& policy, alerts::Rule& rule) {
  constexpr int kMostScopes = 100;
  if (policy.only_size() > kMostScopes) {
    return absl::InvalidArgumentError(
        absl::StrCat("rules.", rule.name, ".only: more than ", kMostScopes));
  }
  for (const v1::RuleScope& source : policy.only()) {
    absl::StatusOr<alerts::RuleScope> scope = CompileScope(source);
    if (!scope.ok()) return scope.status();
    if (IsCondition(rule.trigger) && scope->of_event()) {
      return absl::InvalidArgumentError(
          absl::StrCat("rules.", rule.name,
                       ".only: a condition holds without an event, and knows no language, producer "
                       "or scale"));
    }
    rule.only.push_back(*std::move(scope));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<alerts::Recipient>> CompileRecipients(const v1::Policy& policy) {
  if (policy.recipients_size() > static_cast<int>(alerts::kMaxRecipients)) {
    return absl::InvalidArgumentError(
        absl::StrCat("recipients: more than ", alerts::kMaxRecipients));
  }
  std::vector<alerts::Recipient> recipients;
  for (const v1::RecipientPolicy& source : policy.recipients()) {
    if (!source.escalate_to().empty() && Ms(source.after()) <= 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("recipients.", source.name(), ": escalate_to needs an after"));
    }
    recipients.push_back({source.name(), source.escalate_to(), Ms(source.after())});
  }
  return recipients;
}

absl::StatusOr<alerts::Rule> CompileRule(const v1::RulePolicy& policy,
                                         absl::Span<const alerts::Recipient> recipients) {
  alerts::Rule rule;
  rule.name = policy.name();
  const std::optional<alerts::Trigger> trigger = alerts::TriggerNamed(policy.on());
  if (!trigger) {
    return absl::InvalidArgumentError(
        absl::StrCat("rules.", rule.name, ".on: unknown trigger `", policy.on(), "`"));
  }
  rule.trigger = *trigger;
  rule.enter = affect::ToNano(policy.enter());
  rule.exit = affect::ToNano(policy.exit());
  if (rule.exit < rule.enter && alerts::Recovers(rule.trigger)) {
    return absl::InvalidArgumentError(
        absl::StrCat("rules.", rule.name, ": exit must not be below enter"));
  }
  if (policy.severity() == "critical") rule.severity = v1::Alert::CRITICAL;
  if (policy.severity() == "info") rule.severity = v1::Alert::INFO;
  if (policy.urgency() == "interrupt") rule.urgency = v1::Alert::INTERRUPT;
  rule.cooldown_ms = Ms(policy.cooldown());
  rule.follow_up_within_ms = Ms(policy.follow_up_within());
  rule.min_impressions = policy.min_impressions();
  if (policy.has_after()) rule.after_ms = Ms(policy.after());
  rule.share_left = affect::ToNano(policy.share_left());
  rule.negatives = policy.negatives();
  rule.turns = policy.turns();
  rule.count = policy.repeats();
  rule.unrecovered_only = policy.unrecovered_only();
  rule.stale_after_ms = Ms(policy.stale_after());
  if (rule.negatives > rule.turns) {
    return absl::InvalidArgumentError(
        absl::StrCat("rules.", rule.name, ": negatives must not exceed turns"));
  }
  if (policy.recipients_size() > kMostRecipients) {
    return absl::InvalidArgumentError(
        absl::StrCat("rules.", rule.name, ".recipients: more than ", kMostRecipients));
  }
  rule.recipients.assign(policy.recipients().begin(), policy.recipients().end());
  rule.escalations = alerts::EscalationsOf(rule.recipients, recipients);
  if (absl::Status status = CompileScopes(policy, rule); !status.ok()) return status;
  return rule;
}

}  // namespace

absl::StatusOr<alerts::Rules> CompileRules(const v1::Policy& policy) {
  if (policy.rules_size() > static_cast<int>(alerts::kMaxRules)) {
    return absl::InvalidArgumentError(absl::StrCat("rules: more than ", alerts::kMaxRules));
  }
  const absl::StatusOr<std::vector<alerts::Recipient>> recipients = CompileRecipients(policy);
  if (!recipients.ok()) return recipients.status();
  std::vector<alerts::Rule> rules;
  for (const v1::RulePolicy& source : policy.rules()) {
    absl::StatusOr<alerts::Rule> rule = CompileRule(source, *recipients);
    if (!rule.ok()) return rule.status();
    if (policy.has_alert_snooze()) rule->snooze_ms = Ms(policy.alert_snooze());
    rules.push_back(*std::move(rule));
  }
  return alerts::Rules(std::move(rules));
}

}  // namespace peakend::publish
