#include "processors/publish/policy.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "processors/journey/impressions.h"

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
  return model;
}

absl::StatusOr<alerts::Rule> CompileRule(const v1::RulePolicy& policy) {
  alerts::Rule rule;
  rule.name = policy.name();
  if (policy.on() == "impression") {
    rule.trigger = alerts::Trigger::kImpression;
  } else if (policy.on() == "abandoned") {
    rule.trigger = alerts::Trigger::kAbandoned;
  } else if (policy.on() != "score") {
    return absl::InvalidArgumentError(
        absl::StrCat("rules.", rule.name, ".on: unknown trigger `", policy.on(), "`"));
  }
  rule.enter = affect::ToNano(policy.enter());
  rule.exit = affect::ToNano(policy.exit());
  if (rule.exit < rule.enter) {
    return absl::InvalidArgumentError(
        absl::StrCat("rules.", rule.name, ": exit must not be below enter"));
  }
  if (policy.severity() == "critical") rule.severity = v1::Alert::CRITICAL;
  if (policy.severity() == "info") rule.severity = v1::Alert::INFO;
  if (policy.urgency() == "interrupt") rule.urgency = v1::Alert::INTERRUPT;
  rule.cooldown_ms = Ms(policy.cooldown());
  rule.follow_up_within_ms = Ms(policy.follow_up_within());
  rule.min_impressions = policy.min_impressions();
  return rule;
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
  for (const v1::RulePolicy& source : policy.rules()) {
    absl::StatusOr<alerts::Rule> rule = CompileRule(source);
    if (!rule.ok()) return rule.status();
    compiled.rules.push_back(*std::move(rule));
  }
  return compiled;
}

}  // namespace peakend::publish
