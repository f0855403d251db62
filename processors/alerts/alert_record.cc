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
  alert.contact_id = record.contact_id();
  if (record.has_channel()) alert.channel = record.channel();
  alert.trigger_event_id = record.trigger_event_id();
}

void SaveAlert(const Alert& alert, std::string_view rule, v1::CustomerState::Alert& record) {
  journey::Save(alert.journey_id, record.mutable_journey_id());
  record.mutable_rule()->assign(rule);
  record.set_state(alert.state);
  record.set_row_version(alert.row_version);
  journey::Save(alert.raised, record.mutable_raised());
  if (alert.due_at_ms) record.set_due_at_ms(*alert.due_at_ms);
  record.set_stale(alert.stale);
  record.set_over_budget(alert.over_budget);
  record.set_value(alert.value);
  record.set_cause(static_cast<uint32_t>(alert.cause));
  record.set_updated_at_ms(alert.updated_at_ms);
  record.set_follow_up_due_at_ms(alert.follow_up_due_at_ms);
  record.set_quiet_until_ms(alert.quiet_until_ms);
  record.set_escalate_at_ms(alert.escalate_at_ms);
  record.set_escalations(alert.escalations);
  record.set_snoozed_until_ms(alert.snoozed_until_ms);
  record.mutable_contact_id()->assign(alert.contact_id);
  if (alert.channel) record.set_channel(*alert.channel);
  record.mutable_trigger_event_id()->assign(alert.trigger_event_id);
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

void AlertBook::Save(const Rules& rules, Records* records) const {
  for (const Alert& alert : alerts_) SaveAlert(alert, rules[alert.rule].name, *records->Add());
  for (const Asleep& asleep : asleep_) SaveAlert(asleep.alert, asleep.rule, *records->Add());
}

}  // namespace peakend::alerts
