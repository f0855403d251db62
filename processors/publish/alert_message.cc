// Alerts as messages.
#include <array>
#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "processors/journey/identifier.h"
#include "processors/publish/channel_name.h"
#include "processors/publish/evidence.h"
#include "processors/publish/messages.h"

namespace peakend::publish {
namespace {

using affect::ToDouble;
using journey::Contact;
using moments::Recent;

std::string TwoDecimals(affect::Nano value) {
  std::array<char, 16> text;
  const int size = std::snprintf(text.data(), text.size(), "%.2f", ToDouble(value));
  return std::string(text.data(), static_cast<size_t>(size));
}

void FillAlertEvidence(const Assessed& assessed, const alerts::Alert& source, v1::Alert* alert) {
  v1::Evidence* trigger = alert->add_evidence();
  trigger->set_event_id(Text(source.trigger_event_id));
  trigger->set_at_ms(source.OccurredMs());
  trigger->set_cause(Text(journey::CauseName(source.cause)));
  constexpr int kMaxEvidence = 6;
  const moments::RecentImpressions recent(assessed.contacts, assessed.parts.service,
                                          assessed.policy.model.tail_max);
  for (const Recent& item : recent) {
    if (!source.due_at_ms && item.impression.event_hash == source.raised.hash &&
        item.impression.cause == source.cause) {
      FillEvidence(assessed, item, alert->mutable_evidence(0));
    } else if (alert->evidence_size() < kMaxEvidence) {
      FillEvidence(assessed, item, alert->add_evidence());
    }
  }
}

}  // namespace

void FillAlert(const Assessed& assessed, const alerts::Transition& transition,
               const Contact& contact, v1::Alert* alert) {
  const alerts::Alert& source = *transition.alert;
  const alerts::Rule& rule = assessed.policy.rules[source.rule];
  alert->Clear();
  alert->set_alert_id(journey::ToHex(source.id));
  alert->set_dedupe_key(absl::StrCat(Text(assessed.customer.key()), "/",
                                     journey::ToHex(source.journey_id), "/", rule.name, "/",
                                     v1::MomentKind_Name(rule.moment_kind())));
  alert->set_row_version(source.row_version);
  alert->set_state(source.state);
  alert->set_reason(Text(alerts::ReasonName(transition.reason)));
  alert->set_severity(rule.severity);
  const bool snoozed = source.state == v1::Alert::SNOOZED;
  const bool listed = snoozed || source.stale || source.over_budget;
  alert->set_urgency(listed ? v1::Alert::LIST : rule.urgency);
  if (snoozed) alert->set_snoozed_until_ms(source.snoozed_until_ms);
  if (source.acknowledged_at_ms != 0) alert->set_acknowledged_at_ms(source.acknowledged_at_ms);
  alert->set_actor_id(Text(source.actor_id));
  if (source.was_actionable) alert->set_was_actionable(*source.was_actionable);
  alert->set_over_budget(source.over_budget);
  alert->set_stale(source.stale);
  alert->set_rule(rule.name);
  for (const std::string& recipient : rule.RecipientsAfter(source.escalations)) {
    alert->add_recipients(recipient);
  }
  if (source.escalations > 0) alert->set_escalations(static_cast<int32_t>(source.escalations));
  alert->set_moment_kind(rule.moment_kind());
  alert->set_tenant_id(Text(assessed.customer.tenant_id()));
  alert->set_customer_id(Text(assessed.customer.customer_id()));
  alert->set_journey_id(journey::ToHex(assessed.journey_id));
  alert->set_contact_id(Text(contact.id()));
  alert->set_queue_id(Text(contact.queue_id()));
  alert->set_agent_id(Text(contact.agent_id()));
  alert->set_channel(ChannelName(contact.channel()));
  alert->set_touchpoint_id(Text(contact.touchpoint_id()));
  alert->set_tier(Text(contact.tier()));
  alert->set_occurred_at_ms(source.OccurredMs());
  alert->set_updated_at_ms(source.updated_at_ms);
  alert->set_follow_up_due_at_ms(source.follow_up_due_at_ms);
  v1::Score* score = alert->mutable_score();
  FillParts(assessed.parts, score);
  if (assessed.parts.trend_from_arrival) {
    score->set_trend_from_arrival(ToDouble(*assessed.parts.trend_from_arrival));
  }
  score->set_formula(assessed.policy.formula);
  FillAlertEvidence(assessed, source, alert);
  auto& params = *alert->mutable_message_params();
  params["valence"] = TwoDecimals(source.value);
  if (assessed.parts.score) params["score"] = TwoDecimals(*assessed.parts.score);
  params["queue"] = alert->queue_id();
  params["contact"] = alert->contact_id();
  alert->set_policy_version(assessed.policy.stamp);
}

}  // namespace peakend::publish
