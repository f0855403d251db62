// Alerts as records, and back.
#include <algorithm>
#include <optional>

#include "processors/alerts/alert_book.h"
#include "processors/journey/record_parts.h"

namespace peakend::alerts {
namespace {

std::optional<uint16_t> RuleNamed(std::string_view name, const Rules& rules) {
  const auto rule =
      std::find_if(rules.begin(), rules.end(), [&](const Rule& r) { return r.name == name; });
  if (rule == rules.end()) return std::nullopt;
  return static_cast<uint16_t>(rule - rules.begin());
}

// All but the rule, and the id, which follows from it.
void ReadAlert(const v1::CustomerState::Alert& record, Alert& alert) {
  alert.journey_id = journey::FromRecord(record.journey_id());
  alert.state = record.state();
  alert.row_version = record.row_version();
  alert.raised = journey::FromRecord(record.raised());
  if (record.has_due_at_ms()) alert.due_at_ms = record.due_at_ms();
  alert.stale = record.stale();
  alert.over_budget = record.over_budget();
  alert.value = record.value();
  alert.cause = static_cast<journey::Cause>(record.cause());
  alert.updated_at_ms = record.updated_at_ms();
  alert.follow_up_due_at_ms = record.follow_up_due_at_ms();
  alert.quiet_until_ms = record.quiet_until_ms();
  alert.escalations = record.escalations();
  alert.snoozed_until_ms = record.snoozed_until_ms();
  alert.acknowledged_at_ms = record.acknowledged_at_ms();
  alert.actor_id = record.actor_id();
  if (record.has_was_actionable()) alert.was_actionable = record.was_actionable();
  alert.contact_id = record.contact_id();
  if (record.has_channel()) alert.channel = record.channel();
  alert.trigger_event_id = record.trigger_event_id();
}

void SaveAlert(const Alert& alert, std::string_view rule, journey::RecordBytes& record) {
  using Saved = v1::CustomerState::Alert;
  journey::Save(alert.journey_id, Saved::kJourneyIdFieldNumber, record);
  record.Bytes(Saved::kRuleFieldNumber, rule);
  record.Int(Saved::kStateFieldNumber, alert.state);
  record.Int(Saved::kRowVersionFieldNumber, alert.row_version);
  journey::Save(alert.raised, Saved::kRaisedFieldNumber, record);
  record.Fixed32(Saved::kValueFieldNumber, static_cast<uint32_t>(alert.value));
  record.Int(Saved::kUpdatedAtMsFieldNumber, alert.updated_at_ms);
  record.Int(Saved::kFollowUpDueAtMsFieldNumber, alert.follow_up_due_at_ms);
  record.Int(Saved::kQuietUntilMsFieldNumber, alert.quiet_until_ms);
  record.Bytes(Saved::kContactIdFieldNumber, alert.contact_id);
  record.Bytes(Saved::kTriggerEventIdFieldNumber, alert.trigger_event_id);
  record.Int(Saved::kCauseFieldNumber, static_cast<int64_t>(alert.cause));
  if (alert.due_at_ms) record.PresentInt(Saved::kDueAtMsFieldNumber, *alert.due_at_ms);
  record.Int(Saved::kStaleFieldNumber, alert.stale);
  record.Int(Saved::kOverBudgetFieldNumber, alert.over_budget);
  if (alert.channel) record.PresentInt(Saved::kChannelFieldNumber, *alert.channel);
  record.Int(Saved::kEscalateAtMsFieldNumber, alert.escalate_at_ms);
  record.Int(Saved::kEscalationsFieldNumber, alert.escalations);
  record.Int(Saved::kSnoozedUntilMsFieldNumber, alert.snoozed_until_ms);
  record.Int(Saved::kAcknowledgedAtMsFieldNumber, alert.acknowledged_at_ms);
  record.Bytes(Saved::kActorIdFieldNumber, alert.actor_id);
  if (alert.was_actionable) {
    record.PresentInt(Saved::kWasActionableFieldNumber, *alert.was_actionable);
  }
}

}  // namespace

AlertBook::AlertBook(const Records& records, const Rules& rules, std::pmr::memory_resource* memory)
    : AlertBook(memory) {
  for (const v1::CustomerState::Alert& record : records) {
    const std::optional<uint16_t> rule = RuleNamed(record.rule(), rules);
    if (!rule) {
      Asleep& asleep = asleep_.emplace_back(memory);
      asleep.rule = record.rule();
      ReadAlert(record, asleep.alert);
      continue;
    }
    Alert& alert = alerts_.emplace_back(memory);
    alert.rule = *rule;
    ReadAlert(record, alert);
    // The policy may say by now that it stays where it is.
    const bool goes_on = alert.escalations < rules[*rule].escalations.size();
    if (alert.state == v1::Alert::OPEN && goes_on) alert.escalate_at_ms = record.escalate_at_ms();
    alert.id = AlertId(alert, rules);
  }
  if (asleep_.size() > kMostAsleep) {
    asleep_.erase(asleep_.begin(), asleep_.end() - static_cast<ptrdiff_t>(kMostAsleep));
  }
}

void AlertBook::Save(const Rules& rules, int field, journey::RecordBytes& record) const {
  for (const Alert& alert : alerts_) {
    record.Message(field, [&] { SaveAlert(alert, rules[alert.rule].name, record); });
  }
  for (const Asleep& asleep : asleep_) {
    record.Message(field, [&] { SaveAlert(asleep.alert, asleep.rule, record); });
  }
}

}  // namespace peakend::alerts
