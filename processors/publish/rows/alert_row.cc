#include "processors/publish/rows/alert_row.h"

#include <algorithm>

#include "processors/publish/rows/row_words.h"

namespace peakend::publish {
namespace {

void FillTimes(const v1::Alert& alert, bi::v1::AlertRow* row) {
  const auto since_occurred = [&](int64_t at_ms) {
    return std::max<int64_t>(0, at_ms - alert.occurred_at_ms());
  };
  row->set_occurred_at_ms(alert.occurred_at_ms());
  row->set_updated_at_ms(alert.updated_at_ms());
  if (alert.has_acknowledged_at_ms()) {
    row->set_acknowledged_at_ms(alert.acknowledged_at_ms());
    row->set_time_to_acknowledge_ms(since_occurred(alert.acknowledged_at_ms()));
  }
  if (alert.state() == v1::Alert::RESOLVED || alert.state() == v1::Alert::EXPIRED) {
    row->set_closed_at_ms(alert.updated_at_ms());
    row->set_time_to_close_ms(since_occurred(alert.updated_at_ms()));
  }
  if (alert.snoozed_until_ms() != 0) row->set_snoozed_until_ms(alert.snoozed_until_ms());
  if (alert.follow_up_due_at_ms() != 0) row->set_follow_up_due_at_ms(alert.follow_up_due_at_ms());
}

}  // namespace

void FillAlertRow(const v1::Alert& alert, bi::v1::AlertRow* row) {
  row->Clear();
  row->set_alert_id(alert.alert_id());
  row->set_state(AlertStateWord(alert.state()));
  row->set_reason(alert.reason());
  row->set_severity(SeverityWord(alert.severity()));
  row->set_urgency(UrgencyWord(alert.urgency()));
  row->set_rule(alert.rule());
  row->set_moment_kind(MomentKindWord(alert.moment_kind()));
  row->set_journey_id(alert.journey_id());
  row->set_contact_id(alert.contact_id());
  FillTimes(alert, row);
  if (alert.has_was_actionable()) row->set_was_actionable(alert.was_actionable());
  row->set_actor_id(alert.actor_id());
  row->set_escalations(alert.escalations());
  row->set_is_stale(alert.stale());
  row->set_is_over_budget(alert.over_budget());
  if (alert.score().has_score()) row->set_score(alert.score().score());
  if (alert.score().has_mean()) row->set_mean(alert.score().mean());
  if (alert.has_delta_to_usual()) row->set_delta_to_usual(alert.delta_to_usual());
  if (alert.evidence_size() > 0) {
    const v1::Evidence& trigger = alert.evidence(0);
    row->set_cause(trigger.cause());
    if (trigger.has_valence()) row->set_valence(trigger.valence());
    row->set_event_id(trigger.event_id());
  }
  row->set_channel(alert.channel());
  row->set_queue_id(alert.queue_id());
  row->set_agent_id(alert.agent_id());
  row->set_touchpoint_id(alert.touchpoint_id());
  row->set_tier(alert.tier());
}

}  // namespace peakend::publish
