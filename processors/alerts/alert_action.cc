// What somebody does with an alert: takes it, wants to hear of it later, or says that it is done.
#include <optional>

#include "processors/alerts/alert_book.h"
#include "processors/alerts/alert_contact.h"

namespace peakend::alerts {

Transitions AlertBook::OnAction(const Rules& rules, const journey::EventFacts& facts,
                                const journey::ContactSet& contacts,
                                const journey::JourneySpan& journey) {
  for (Alert& alert : alerts_) {
    if (!alert.active() || journey::ToHex(alert.id) != facts.alert_id) continue;
    const std::optional<size_t> contact = ContactOf(alert, contacts, journey);
    if (!contact) continue;
    if (facts.alert_action == v1::AlertAction::RESOLVE) {
      Changes changes;
      Resolve(alert, rules, facts.at_ms, Reason::kResolved, *contact, changes);
      return TransitionsOf(changes);
    }
    if (facts.alert_action == v1::AlertAction::SNOOZE) {
      if (!Snooze(alert, rules[alert.rule], facts)) return {};
      return {{&alert, Reason::kSnoozed, *contact}};
    }
    if (alert.state != v1::Alert::OPEN && alert.state != v1::Alert::SNOOZED) return {};
    alert.Move(v1::Alert::ACKED, facts.at_ms);
    return {{&alert, Reason::kAcknowledged, *contact}};
  }
  return {};
}

}  // namespace peakend::alerts
