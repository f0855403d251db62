// What becomes of alerts when nobody raises any more: contacts and journeys end, and
// somebody calls back.
#include <algorithm>
#include <optional>
#include <vector>

#include "processors/alerts/alert_book.h"
#include "processors/alerts/alert_contact.h"

namespace peakend::alerts {
namespace {

using journey::Contact;
using journey::ContactSet;
using journey::JourneySpan;

}  // namespace

void Alert::Move(v1::Alert::State to, int64_t at_ms) {
  state = to;
  escalate_at_ms = 0;
  updated_at_ms = std::max(updated_at_ms, at_ms);
  ++row_version;
}

void AlertBook::Escalate(const Rules& rules, const Scene& scene, Changes& changes,
                         int64_t& next_due_ms) {
  for (size_t i = 0; i < alerts_.size(); ++i) {
    Alert& alert = alerts_[i];
    if (alert.escalate_at_ms == 0) continue;
    const std::optional<size_t> contact = ContactOf(alert, scene.contacts, scene.journey);
    if (!contact) continue;
    const std::vector<Escalation>& escalations = rules[alert.rule].escalations;
    if (alert.escalate_at_ms <= scene.now_ms) {
      // More than one at once where the customer's part was on its way.
      while (alert.escalate_at_ms > 0 && alert.escalate_at_ms <= scene.now_ms) {
        const size_t done = alert.escalations++;
        alert.escalate_at_ms =
            done + 1 < escalations.size()
                ? alert.escalate_at_ms + escalations[done + 1].after_ms - escalations[done].after_ms
                : 0;
      }
      alert.updated_at_ms = std::max(alert.updated_at_ms, scene.now_ms);
      ++alert.row_version;
      changes.push_back({i, Reason::kEscalated, *contact});
    }
    if (alert.escalate_at_ms > 0) next_due_ms = std::min(next_due_ms, alert.escalate_at_ms);
  }
}

void AlertBook::NoteFollowUps(const Rules& rules, const Occasion& occasion, Changes& changes) {
  const Contact& reached = occasion.scene.contacts.contacts()[occasion.contact];
  if (!occasion.facts.by_human || !reached.need().StartedByUs()) return;
  for (Alert& alert : alerts_) {
    if (alert.state != v1::Alert::FOLLOW_UP || alert.raised >= reached.first()) continue;
    const std::optional<size_t> contact =
        ContactOf(alert, occasion.scene.contacts, occasion.scene.journey);
    if (!contact) continue;
    Resolve(alert, rules, occasion.facts.at_ms, Reason::kFollowedUp, *contact, changes);
  }
}

Transitions AlertBook::OnContactEnded(const Rules& rules, const journey::Calendars& calendars,
                                      const ContactSet& contacts, size_t index,
                                      int64_t ended_at_ms) {
  Transitions transitions;
  for (Alert& alert : alerts_) {
    if (!alert.live() || alert.OccurredMs() > ended_at_ms || !BelongsTo(alert, contacts, index)) {
      continue;
    }
    const Rule& rule = rules[alert.rule];
    // Nobody owes a call for what was only worth knowing.
    const bool owed = rule.severity != v1::Alert::INFO;
    alert.Move(owed ? v1::Alert::FOLLOW_UP : v1::Alert::EXPIRED, ended_at_ms);
    if (owed) {
      alert.follow_up_due_at_ms = journey::After(calendars.Of(contacts.contacts()[index]),
                                                 ended_at_ms, rule.follow_up_within_ms);
    }
    transitions.push_back({&alert, Reason::kContactEnded, index});
  }
  return transitions;
}

Transitions AlertBook::OnJourneyEnded(const ContactSet& contacts, const JourneySpan& journey,
                                      int64_t ended_at_ms) {
  Transitions transitions;
  for (Alert& alert : alerts_) {
    if (!alert.active() || alert.OccurredMs() > ended_at_ms) continue;
    const std::optional<size_t> contact = ContactOf(alert, contacts, journey);
    if (!contact) continue;
    alert.Move(v1::Alert::EXPIRED, ended_at_ms);
    transitions.push_back({&alert, Reason::kJourneyEnded, *contact});
  }
  return transitions;
}

int64_t AlertBook::KeptUntilMs(const Rules& rules, const journey::Calendars& calendars,
                               const ContactSet& contacts, const JourneySpan& journey,
                               int64_t ended_at_ms) const {
  int64_t until_ms = 0;
  for (const Alert& alert : alerts_) {
    if (!alert.active() || alert.OccurredMs() <= ended_at_ms) continue;
    const std::optional<size_t> contact = ContactOf(alert, contacts, journey);
    if (!contact) continue;
    until_ms = std::max(
        until_ms, journey::After(calendars.Of(contacts.contacts()[*contact]), alert.OccurredMs(),
                                 rules[alert.rule].follow_up_within_ms));
  }
  return until_ms;
}

void AlertBook::Drop(const ContactSet& contacts, const JourneySpan& journey) {
  const auto is_of_it = [&](const Alert& alert) {
    return ContactOf(alert, contacts, journey).has_value();
  };
  std::erase_if(alerts_, is_of_it);
  std::erase_if(asleep_, [&](const Asleep& asleep) { return is_of_it(asleep.alert); });
}

AlertBook AlertBook::Take(absl::FunctionRef<bool(const Alert&)> goes) {
  AlertBook taken(memory_);
  for (const Alert& alert : alerts_) {
    if (goes(alert)) taken.alerts_.emplace_back(memory_) = alert;
  }
  std::erase_if(alerts_, goes);
  const auto sleeper_goes = [&](const Asleep& asleep) { return goes(asleep.alert); };
  for (const Asleep& asleep : asleep_) {
    if (sleeper_goes(asleep)) taken.asleep_.emplace_back(memory_) = asleep;
  }
  std::erase_if(asleep_, sleeper_goes);
  return taken;
}

void AlertBook::Add(const AlertBook& arrived) {
  for (const Alert& alert : arrived.alerts_) alerts_.emplace_back(memory_) = alert;
  for (const Asleep& asleep : arrived.asleep_) asleep_.emplace_back(memory_) = asleep;
}

Transitions AlertBook::Repoint(Reason reason, absl::FunctionRef<bool(const Alert&)> moved,
                               const ContactSet& contacts, const JourneySpan& journey) {
  Transitions transitions;
  for (Alert& alert : alerts_) {
    if (!alert.active() || !moved(alert)) continue;
    const std::optional<size_t> contact = ContactOf(alert, contacts, journey);
    if (!contact) continue;
    ++alert.row_version;
    transitions.push_back({&alert, reason, *contact});
  }
  return transitions;
}

Transitions AlertBook::OnRulesReplaced(const Rules& rules, const Rules& next, int64_t now_ms,
                                       const ContactSet& contacts, const JourneySpan& journey) {
  const auto stays = [&](const Alert& alert) {
    return std::any_of(next.begin(), next.end(),
                       [&](const Rule& rule) { return rule.name == rules[alert.rule].name; });
  };
  Transitions transitions;
  for (Alert& alert : alerts_) {
    if (!alert.active() || stays(alert)) continue;
    const std::optional<size_t> contact = ContactOf(alert, contacts, journey);
    if (!contact) continue;
    alert.Move(v1::Alert::RESOLVED, now_ms);
    transitions.push_back({&alert, Reason::kRuleRemoved, *contact});
  }
  return transitions;
}

const Alert* AlertBook::Find(const journey::Identifier& id) const {
  const auto found = std::find_if(alerts_.begin(), alerts_.end(),
                                  [&](const Alert& alert) { return alert.id == id; });
  return found != alerts_.end() ? &*found : nullptr;
}

}  // namespace peakend::alerts
