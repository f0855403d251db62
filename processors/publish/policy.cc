#include "processors/publish/policy.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "peakend/v1/interaction_event.pb.h"
#include "processors/journey/impressions.h"
#include "processors/publish/channel_name.h"

namespace peakend::publish {
namespace {

int64_t Ms(const google::protobuf::Duration& duration) {
  return duration.seconds() * 1000 + duration.nanos() / 1'000'000;
}

journey::Windows CompileWindows(const v1::WindowPolicy& policy) {
  journey::Windows windows;
  windows.contact_gap_ms = Ms(policy.contact_gap());
  windows.contact_gap_email_ms = Ms(policy.contact_gap_email());
  windows.journey_gap_ms = Ms(policy.journey_gap());
  windows.journey_max_ms = Ms(policy.journey_max());
  windows.max_out_of_orderness_ms = Ms(policy.max_out_of_orderness());
  windows.allowed_lateness_ms = Ms(policy.allowed_lateness());
  windows.short_abandon_ms = Ms(policy.short_abandon());
  windows.memory_ms = Ms(policy.memory());
  windows.amend_window_ms = Ms(policy.amend_window());
  windows.repeat_window_ms = Ms(policy.repeat_window());
  windows.max_contacts = policy.max_contacts();
  windows.max_event_ids = policy.max_event_ids();
  return windows;
}

absl::StatusOr<moments::Formula> CompileFormula(const std::string& name) {
  if (name == "experience") return moments::Formula::kExperience;
  if (name == "classical") return moments::Formula::kClassical;
  if (name == "worst_end") return moments::Formula::kWorstEnd;
  if (name == "mean") return moments::Formula::kMean;
  return absl::InvalidArgumentError(absl::StrCat("score.formula: unknown formula `", name, "`"));
}

absl::Status CompileImpression(const v1::ImpressionPolicy& policy,
                               moments::Experience& experience) {
  const std::optional<journey::Cause> cause = journey::CauseNamed(policy.cause());
  if (!cause) {
    return absl::InvalidArgumentError(
        absl::StrCat("impressions: unknown cause `", policy.cause(), "`"));
  }
  moments::CauseModel& model = experience.of(*cause);
  if (policy.has_first()) model.first = affect::ToNano(policy.first());
  if (policy.has_step()) model.step = affect::ToNano(policy.step());
  if (policy.has_confidence()) model.confidence = affect::ToNano(policy.confidence());
  if (policy.has_most_delight()) model.most_delight = affect::ToNano(policy.most_delight());
  if (!policy.has_kano()) return absl::OkStatus();
  const std::optional<journey::Kano> kano = journey::KanoNamed(policy.kano());
  if (!kano) {
    return absl::InvalidArgumentError(
        absl::StrCat("impressions: unknown KANO class `", policy.kano(), "`"));
  }
  model.kano = *kano;
  return absl::OkStatus();
}

absl::StatusOr<moments::Expectation> CompileExpectation(const v1::ExpectationPolicy& policy) {
  moments::Expectation expectation;
  const std::optional<journey::Cause> cause = journey::CauseNamed(policy.cause());
  const std::optional<int> channel = ChannelNamed(policy.channel());
  if (!cause || !channel) {
    return absl::InvalidArgumentError(absl::StrCat("expectations: unknown cause `", policy.cause(),
                                                   "` or channel `", policy.channel(), "`"));
  }
  expectation.cause = *cause;
  expectation.queue_id = policy.queue();
  expectation.channel = *channel;
  expectation.tier = policy.tier();
  constexpr double kScore = 1e6;
  const bool scored = *cause == journey::Cause::kPoorAudio;
  expectation.desired =
      scored ? std::lround(policy.desired_score() * kScore) : Ms(policy.desired());
  expectation.adequate =
      scored ? std::lround(policy.adequate_score() * kScore) : Ms(policy.adequate());
  const bool holds = scored ? expectation.adequate < expectation.desired
                            : expectation.adequate > expectation.desired;
  if (!holds) {
    return absl::InvalidArgumentError(
        absl::StrCat("expectations: what is adequate must be worse than what is desired of `",
                     policy.cause(), "`"));
  }
  return expectation;
}

absl::Status CompileExperience(const v1::Policy& policy, moments::Experience& experience) {
  experience.promise_slack = policy.moments().promise_slack();
  for (const v1::ImpressionPolicy& impression : policy.impressions()) {
    if (absl::Status status = CompileImpression(impression, experience); !status.ok()) {
      return status;
    }
  }
  std::vector<moments::Expectation> expectations;
  for (const v1::ExpectationPolicy& source : policy.expectations()) {
    absl::StatusOr<moments::Expectation> expectation = CompileExpectation(source);
    if (!expectation.ok()) return expectation.status();
    expectations.push_back(*std::move(expectation));
  }
  expectations.insert(expectations.end(), experience.expectations.begin(),
                      experience.expectations.end());
  experience.expectations = std::move(expectations);
  return absl::OkStatus();
}

absl::StatusOr<moments::MomentModel> CompileModel(const v1::Policy& policy) {
  moments::MomentModel model;
  model.peak_floor = affect::ToNano(policy.moments().peak_floor());
  model.opening_turns = policy.moments().opening_turns();
  model.tail_max = policy.moments().tail_max();
  model.abandoned_valence = affect::ToNano(policy.moments().abandoned_valence());
  model.resolved_valence = affect::ToNano(policy.moments().resolved_valence());
  model.worst_weight = affect::ToNano(policy.score().worst_weight());
  model.tail_weight = affect::ToNano(policy.score().tail_weight());
  if (int64_t{model.worst_weight} + model.tail_weight != affect::kNanoOne) {
    return absl::InvalidArgumentError("score: worst_weight and tail_weight must sum to 1");
  }
  if (model.tail_max < 2 || model.tail_max > journey::Impressions::kLatest) {
    return absl::InvalidArgumentError("moments.tail_max must be between 2 and 32");
  }
  absl::StatusOr<moments::Formula> formula = CompileFormula(policy.score().formula());
  if (!formula.ok()) return formula.status();
  model.formula = *formula;
  model.hung_up_on_hold_valence = affect::ToNano(policy.moments().hung_up_on_hold_valence());
  model.left_unanswered_valence = affect::ToNano(policy.moments().left_unanswered_valence());
  model.follow_up_within_ms = Ms(policy.moments().follow_up_within());
  model.half_lives = {Ms(policy.memory().worst_half_life()), Ms(policy.memory().best_half_life()),
                      Ms(policy.memory().end_half_life())};
  if (absl::Status status = CompileExperience(policy, model.experience); !status.ok()) {
    return status;
  }
  return model;
}

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
    rule.only.push_back(*std::move(scope));
  }
  return absl::OkStatus();
}

absl::StatusOr<alerts::Rule> CompileRule(const v1::RulePolicy& policy) {
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
  if (absl::Status status = CompileScopes(policy, rule); !status.ok()) return status;
  return rule;
}

absl::StatusOr<Opening> CompileOpening(const v1::OpeningPolicy& policy) {
  const std::optional<Brings> when = BringsNamed(policy.when());
  if (!when) {
    return absl::InvalidArgumentError(absl::StrCat("openings: unknown `", policy.when(), "`"));
  }
  const affect::Nano level =
      policy.has_level() ? affect::ToNano(policy.level()) : DefaultLevel(*when);
  return Opening{*when, level, policy.say_en(), policy.say_zh()};
}

absl::Status CheckWindows(const journey::Windows& windows) {
  if (windows.journey_gap_ms <= windows.max_out_of_orderness_ms + windows.allowed_lateness_ms) {
    return absl::InvalidArgumentError(
        "windows.journey_gap must exceed max_out_of_orderness + allowed_lateness");
  }
  if (windows.journey_max_ms < 2 * windows.journey_gap_ms) {
    return absl::InvalidArgumentError("windows.journey_max must be at least twice journey_gap");
  }
  if (windows.max_contacts < 1 || windows.max_event_ids < 2) {
    return absl::InvalidArgumentError("windows: max_contacts and max_event_ids must be positive");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Policy> CompilePolicy(const v1::Policy& policy, std::string stamp) {
  Policy compiled;
  compiled.stamp = std::move(stamp);
  compiled.formula = policy.score().formula();
  compiled.windows = CompileWindows(policy.windows());
  if (absl::Status status = CheckWindows(compiled.windows); !status.ok()) return status;
  absl::StatusOr<moments::MomentModel> model = CompileModel(policy);
  if (!model.ok()) return model.status();
  compiled.model = *model;
  if (policy.rules_size() > static_cast<int>(alerts::kMaxRules)) {
    return absl::InvalidArgumentError(absl::StrCat("rules: more than ", alerts::kMaxRules));
  }
  std::vector<alerts::Rule> rules;
  for (const v1::RulePolicy& source : policy.rules()) {
    absl::StatusOr<alerts::Rule> rule = CompileRule(source);
    if (!rule.ok()) return rule.status();
    rules.push_back(*std::move(rule));
  }
  compiled.rules = alerts::Rules(std::move(rules));
  const v1::AlertBudgetPolicy& budget = policy.alert_budget();
  compiled.budget.interrupts_per_1000_contacts =
      std::llround(budget.interrupts_per_100_contacts() * 10);
  compiled.budget.contacts = std::max<int64_t>(1, budget.contacts());
  constexpr int kMostOpenings = 100;
  if (policy.openings_size() > kMostOpenings) {
    return absl::InvalidArgumentError(absl::StrCat("openings: more than ", kMostOpenings));
  }
  for (const v1::OpeningPolicy& source : policy.openings()) {
    absl::StatusOr<Opening> opening = CompileOpening(source);
    if (!opening.ok()) return opening.status();
    compiled.openings.push_back(*std::move(opening));
  }
  return compiled;
}

}  // namespace peakend::publish
