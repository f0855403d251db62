// What somebody does with an alert: takes it, wants to hear of it later, or says that it is done.
#include <optional>

#include "processors/alerts/alert_book.h"
#include "processors/alerts/alert_contact.h"

namespace peakend::alerts {
namespace {

void NoteActor(const journey::EventFacts& facts, Alert& alert) {
  if (!facts.actor_id.empty()) alert.actor_id = facts.actor_id;
}

}  // namespace

Transitions AlertBook::OnAction(const Rules& rules, const journey::EventFacts& facts,
                                const journey::ContactSet& contacts,
                                const journey::JourneySpan& journey) {
  for (Alert& alert : alerts_) {
    if (!alert.active() || journey::ToHex(alert.id) != facts.alert_id) continue;
    const std::optional<size_t> contact = ContactOf(alert, contacts, journey);
    if (!contact) continue;
    if (facts.alert_action == v1::AlertAction::RESOLVE) {
      NoteActor(facts, alert);
      if (facts.was_actionable) alert.was_actionable = facts.was_actionable;
      Changes changes;
      Resolve(alert, rules, facts.at_ms, Reason::kResolved, *contact, changes);
      return TransitionsOf(changes);
    }
    if (facts.alert_action == v1::AlertAction::SNOOZE) {
      if (!Snooze(alert, rules[alert.rule], facts)) return {};
      NoteActor(facts, alert);
      return {{&alert, Reason::kSnoozed, *contact}};
    }
    if (alert.state != v1::Alert::OPEN && alert.state != v1::Alert::SNOOZED) return {};
    alert.Move(v1::Alert::ACKED, facts.at_ms);
    NoteActor(facts, alert);
    if (alert.acknowledged_at_ms == 0) alert.acknowledged_at_ms = facts.at_ms;
    return {{&alert, Reason::kAcknowledged, *contact}};
  }
  return {};
}

}  // namespace peakend::alerts
