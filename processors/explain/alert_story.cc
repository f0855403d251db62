#include "processors/explain/alert_story.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/publish/channel_name.h"

namespace peakend::explain {
namespace {

using affect::ToDouble;
using alerts::Rule;
using alerts::Trigger;

std::string ScopeText(const alerts::RuleScope& scope) {
  std::vector<std::string> parts;
  if (!scope.queue_id.empty()) parts.push_back(absl::StrCat("queue=", scope.queue_id));
  if (scope.channel != 0) {
    parts.push_back(absl::StrCat("channel=", publish::ChannelName(scope.channel)));
  }
  if (!scope.tier.empty()) parts.push_back(absl::StrCat("tier=", scope.tier));
  if (!scope.touchpoint_id.empty()) {
    parts.push_back(absl::StrCat("touchpoint=", scope.touchpoint_id));
  }
  if (scope.cause) {
    parts.push_back(absl::StrCat("cause=", std::string(journey::CauseName(*scope.cause))));
  }
  return absl::StrJoin(parts, ",");
}

void TellRule(const Rule& rule, const alerts::BudgetModel& budget, v1::RuleStory* told) {
  told->set_name(rule.name);
  told->set_on(std::string(alerts::TriggerName(rule.trigger)));
  told->set_enter(ToDouble(rule.enter));
  told->set_exit(ToDouble(rule.exit));
  told->set_severity(absl::AsciiStrToLower(v1::Alert::Severity_Name(rule.severity)));
  told->set_urgency(absl::AsciiStrToLower(v1::Alert::Urgency_Name(rule.urgency)));
  if (rule.after_ms) told->set_after_ms(*rule.after_ms);
  told->set_share_left(ToDouble(rule.share_left));
  told->set_negatives(static_cast<int64_t>(rule.negatives));
  told->set_turns(static_cast<int64_t>(rule.turns));
  told->set_repeats(rule.count);
  told->set_min_impressions(static_cast<int64_t>(rule.min_impressions));
  told->set_stale_after_ms(rule.stale_after_ms);
  told->set_follow_up_within_ms(rule.follow_up_within_ms);
  told->set_unrecovered_only(rule.unrecovered_only);
  for (const alerts::RuleScope& scope : rule.only) told->add_only(ScopeText(scope));
  told->set_budget_per_100_contacts(static_cast<double>(budget.interrupts_per_1000_contacts) / 10);
}

double Weighed(const v1::Evidence& evidence) {
  return evidence.valence() * (evidence.has_confidence() ? evidence.confidence() : 1);
}

// How many of the latest turns, up to the one that raised it, were below `rule.enter`.
std::optional<double> BadTurns(const Rule& rule, const v1::Evidence& trigger,
                               const v1::Explanation& told) {
  std::vector<const v1::Evidence*> turns;
  bool there = false;
  for (const v1::ImpressionStory& each : told.impressions()) {
    if (each.evidence().cause() != "turn") continue;
    turns.push_back(&each.evidence());
    there = each.evidence().event_id() == trigger.event_id();
    if (there) break;
  }
  if (!there) return std::nullopt;
  const size_t looked_at = std::min(rule.turns, turns.size());
  return static_cast<double>(std::count_if(
      turns.end() - static_cast<ptrdiff_t>(looked_at), turns.end(),
      [&](const v1::Evidence* turn) { return Weighed(*turn) < ToDouble(rule.enter); }));
}

// Earlier contacts for the same need as that of the alert's contact.
std::optional<double> Repeats(const v1::Evidence& trigger, const v1::Explanation& told) {
  for (const v1::ImpressionStory& each : told.impressions()) {
    if (each.evidence().cause() == "repeat_contact" &&
        each.evidence().event_id() == trigger.event_id()) {
      return static_cast<double>(each.evidence().count());
    }
  }
  return std::nullopt;
}

// The peak that nobody answered stands with its own event among the impressions.
std::optional<double> PeakOf(const v1::Evidence& trigger, const v1::Explanation& told) {
  std::optional<double> worst;
  for (const v1::ImpressionStory& each : told.impressions()) {
    if (each.evidence().event_id() != trigger.event_id()) continue;
    worst = std::min(worst.value_or(1), Weighed(each.evidence()));
  }
  return worst;
}

void TellLevel(const Rule& rule, const v1::Alert& raised, const v1::Explanation& told,
               v1::AlertStory* story) {
  const v1::Evidence& trigger = raised.evidence(0);
  const auto set = [&](const std::optional<double>& value, double over_by) {
    if (!value) return;
    story->set_value(*value);
    story->set_over_by(std::max(0.0, over_by));
  };
  const double enter = ToDouble(rule.enter);
  std::optional<double> value;
  switch (rule.trigger) {
    case Trigger::kImpression:
      if (trigger.has_valence()) value = Weighed(trigger);
      return set(value, enter - value.value_or(0));
    case Trigger::kDelight:
      if (trigger.has_valence()) value = Weighed(trigger);
      return set(value, value.value_or(0) - enter);
    case Trigger::kScore:
      if (raised.score().has_score()) value = raised.score().score();
      return set(value, enter - value.value_or(0));
    case Trigger::kReturning:
      if (raised.memory().has_worst()) value = raised.memory().worst();
      return set(value, enter - value.value_or(0));
    case Trigger::kPeakUnanswered:
      value = PeakOf(trigger, told);
      return set(value, enter - value.value_or(0));
    case Trigger::kNegativeTurns:
      value = BadTurns(rule, trigger, told);
      return set(value, value.value_or(0) - static_cast<double>(rule.negatives));
    case Trigger::kRepeatContact:
      value = Repeats(trigger, told);
      return set(value, value.value_or(0) - static_cast<double>(rule.count));
    default:
      return;
  }
}

// Conditions that hold after some time.
bool TakesTime(Trigger trigger) {
  return trigger == Trigger::kWaiting || trigger == Trigger::kMessageUnanswered ||
         trigger == Trigger::kPeakUnanswered || trigger == Trigger::kPromiseAtRisk ||
         trigger == Trigger::kPromiseBroken;
}

const Rule* RuleOf(const v1::Alert& raised, const publish::Policy& policy) {
  const auto rule = std::find_if(policy.rules.begin(), policy.rules.end(),
                                 [&](const Rule& each) { return each.name == raised.rule(); });
  return rule != policy.rules.end() ? &*rule : nullptr;
}

}  // namespace

std::string CountsFrom(const v1::Alert& raised, const publish::Policy& policy) {
  const Rule* rule = RuleOf(raised, policy);
  if (rule == nullptr || !TakesTime(rule->trigger) || raised.evidence_size() == 0) return "";
  return raised.evidence(0).event_id();
}

void TellAlert(absl::Span<const v1::Alert> revisions, const publish::Policy& policy,
               const EventTimes& events, v1::Explanation* told) {
  v1::AlertStory& story = *told->mutable_alert();
  *story.mutable_alert() = revisions.back();
  for (const v1::Alert& each : revisions) {
    v1::AlertRevision& revision = *story.add_revisions();
    revision.set_row_version(each.row_version());
    revision.set_state(absl::AsciiStrToLower(v1::Alert::State_Name(each.state())));
    revision.set_reason(each.reason());
    revision.set_at_ms(each.updated_at_ms());
    if (each.score().has_score()) revision.set_score(each.score().score());
    if (each.reason() == "escalated") {
      *revision.mutable_recipients() = each.recipients();
    }
    if (each.snoozed_until_ms() > 0) revision.set_snoozed_until_ms(each.snoozed_until_ms());
  }
  const v1::Alert& raised = revisions.front();
  const Rule* rule = RuleOf(raised, policy);
  if (rule == nullptr) return;
  TellRule(*rule, policy.budget, story.mutable_rule());
  if (raised.evidence_size() == 0) return;
  TellLevel(*rule, raised, *told, &story);
  const std::string began = CountsFrom(raised, policy);
  const auto since = events.find(began);
  if (began.empty() || since == events.end()) return;
  story.set_since_ms(since->second);
  story.set_allowed_ms(std::max<int64_t>(0, raised.occurred_at_ms() - since->second));
}

}  // namespace peakend::explain
