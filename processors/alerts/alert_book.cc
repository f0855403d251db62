#include "processors/alerts/alert_book.h"

#include <algorithm>
#include <optional>

#include "processors/journey/journey_id.h"
#include "processors/moments/parts.h"

namespace peakend::alerts {
namespace {

using affect::Nano;
using journey::Contact;
using journey::ContactSet;
using journey::JourneySpan;

bool BelongsTo(const Alert& alert, const Contact& contact) {
  return contact.id() == alert.contact_id && contact.first() <= alert.raised &&
         alert.raised <= contact.last();
}

// Index of the contact in `journey` that `alert` was raised in.
std::optional<size_t> ContactOf(const Alert& alert, const ContactSet& contacts,
                                const JourneySpan& journey) {
  for (size_t i = journey.begin; i < journey.end; ++i) {
    if (BelongsTo(alert, contacts.contacts()[i])) return i;
  }
  return std::nullopt;
}

absl::Span<const Contact> ContactsOf(const Occasion& occasion) {
  return occasion.contacts.contacts().subspan(occasion.journey.begin,
                                              occasion.journey.end - occasion.journey.begin);
}

// What the rules watch, as far as this event changed it.
struct Watched {
  std::optional<Nano> impression;
  journey::Cause cause = journey::Cause::kTurn;
  bool impression_is_newest = false;
  std::optional<Nano> score;
  int64_t count = 0;
};

Nano Weighted(Nano valence, Nano confidence) {
  return static_cast<Nano>(affect::DivideRounded(int64_t{valence} * confidence, affect::kNanoOne));
}

// True when the event stands for a tally, so that an impression may have come of it.
bool ServiceMayHaveActed(const Occasion& occasion) {
  if (occasion.facts.tally == journey::TallyKind::kNone) return false;
  const journey::Tallies& tallies = occasion.contacts.contacts()[occasion.contact].tallies();
  return tallies.Find(occasion.facts.tally)->at.hash == occasion.facts.hash;
}

// The worst that the event did to the customer; nothing when it did nothing.
void WatchImpression(const Occasion& occasion, const moments::ServiceImpressionsOf& service,
                     Watched& watched) {
  if (occasion.facts.affect) {
    watched.impression =
        Weighted(occasion.facts.affect->valence, occasion.facts.affect->confidence);
    return;
  }
  for (const moments::ServiceImpression& made :
       service[occasion.contact - occasion.journey.begin]) {
    if (made.impression.event_hash != occasion.facts.hash) continue;
    const Nano level = Weighted(made.impression.valence, made.impression.confidence);
    if (watched.impression && *watched.impression <= level) continue;
    watched.impression = level;
    watched.cause = made.impression.cause;
  }
}

Watched Watch(const Occasion& occasion) {
  Watched watched;
  if (!occasion.facts.affect && !ServiceMayHaveActed(occasion)) return watched;
  const absl::Span<const Contact> contacts = ContactsOf(occasion);
  const moments::ServiceImpressionsOf service =
      moments::DeriveAll(contacts, occasion.model.experience);
  WatchImpression(occasion, service, watched);
  if (!watched.impression) return watched;
  for (const Contact& contact : contacts) watched.count += contact.impressions().count();
  for (const moments::ServiceImpressions& of : service) {
    watched.count += static_cast<int64_t>(of.size());
  }
  const moments::RecentImpressions recent(contacts, service, occasion.model.tail_max);
  watched.impression_is_newest = recent[0].impression.event_hash == occasion.facts.hash;
  switch (occasion.model.formula) {
    case moments::Formula::kExperience:
    case moments::Formula::kWorstEnd:
      watched.score = moments::LiveScore(recent, occasion.model);
      break;
    default:
      watched.score = moments::Assess(contacts, occasion.windows, occasion.model).score;
  }
  return watched;
}

enum class Verdict : uint8_t { kNothing, kRaise, kRecover };

Verdict JudgeValue(const Rule& rule, Nano value, bool newest) {
  if (value < rule.enter) return Verdict::kRaise;
  return newest && value > rule.exit ? Verdict::kRecover : Verdict::kNothing;
}

Verdict JudgeAbandoned(const Occasion& occasion) {
  const Contact& contact = occasion.contacts.contacts()[occasion.contact];
  if (occasion.facts.kind == journey::FactKind::kAbandoned) {
    return contact.IsShortAbandon(occasion.windows) ? Verdict::kNothing : Verdict::kRaise;
  }
  return occasion.facts.kind == journey::FactKind::kAnswer ? Verdict::kRecover : Verdict::kNothing;
}

Verdict Judge(const Rule& rule, const Occasion& occasion, const Watched& watched, Nano* value) {
  if (rule.trigger == Trigger::kAbandoned) return JudgeAbandoned(occasion);
  const std::optional<Nano>& seen =
      rule.trigger == Trigger::kImpression ? watched.impression : watched.score;
  if (!seen || watched.count < static_cast<int64_t>(rule.min_impressions)) return Verdict::kNothing;
  *value = *seen;
  return JudgeValue(rule, *seen, watched.impression_is_newest);
}

// An answer that came before the customer gave up makes nothing good.
bool RecoveredBy(const Alert& alert, const Occasion& occasion) {
  return occasion.facts.at_ms >= alert.raised.at_ms;
}

}  // namespace

journey::Identifier AlertId(const Alert& alert, const Rules& rules) {
  const std::string_view raised_by(reinterpret_cast<const char*>(&alert.raised.hash),
                                   sizeof(alert.raised.hash));
  return journey::MakeIdentifier(
      {journey::ToHex(alert.journey_id), rules[alert.rule].name, raised_by});
}

std::string_view ReasonName(Reason reason) {
  switch (reason) {
    case Reason::kRaised:
      return "raised";
    case Reason::kRecovered:
      return "recovered";
    case Reason::kContactEnded:
      return "contact_ended";
    case Reason::kJourneyEnded:
      return "journey_ended";
  }
  return "";
}

Alert* AlertBook::Find(uint16_t rule, const Occasion& occasion) {
  // From the newest: an older alert of the rule has recovered before.
  for (size_t i = alerts_.size(); i-- > 0;) {
    Alert& alert = alerts_[i];
    if (alert.rule == rule && ContactOf(alert, occasion.contacts, occasion.journey)) return &alert;
  }
  return nullptr;
}

size_t AlertBook::Raise(const Rules& rules, uint16_t rule, Nano value, journey::Cause cause,
                        const Occasion& occasion, Alert* over) {
  if (over != nullptr) *over = Alert(memory_);
  Alert& alert = over != nullptr ? *over : alerts_.emplace_back(memory_);
  alert.journey_id =
      journey::JourneyId(occasion.tenant_id, occasion.customer_id, occasion.journey.first);
  alert.rule = rule;
  alert.raised = {occasion.facts.at_ms, occasion.facts.hash};
  alert.value = value;
  alert.cause = rules[rule].trigger == Trigger::kAbandoned ? journey::Cause::kAbandoned : cause;
  alert.updated_at_ms = occasion.facts.at_ms;
  alert.contact_id = occasion.contacts.contacts()[occasion.contact].id();
  alert.trigger_event_id = occasion.facts.event_id;
  alert.id = AlertId(alert, rules);
  return static_cast<size_t>(&alert - alerts_.data());
}

Transitions AlertBook::OnEvent(const Rules& rules, const Occasion& occasion) {
  Transitions transitions;
  const bool relevant = occasion.facts.affect.has_value() || ServiceMayHaveActed(occasion) ||
                        occasion.facts.kind == journey::FactKind::kAbandoned ||
                        (occasion.facts.kind == journey::FactKind::kAnswer && !alerts_.empty());
  if (!relevant) return transitions;
  const Watched watched = Watch(occasion);
  // Pointers into alerts_ are taken once nothing is added any more.
  absl::InlinedVector<std::pair<size_t, Reason>, 4> changes;
  for (size_t r = 0; r < rules.size(); ++r) {
    Nano value = 0;
    const Verdict verdict = Judge(rules[r], occasion, watched, &value);
    if (verdict == Verdict::kNothing) continue;
    const auto rule = static_cast<uint16_t>(r);
    Alert* known = Find(rule, occasion);
    const bool active = known != nullptr && known->active();
    if (verdict == Verdict::kRaise && !active &&
        (known == nullptr || occasion.facts.at_ms >= known->quiet_until_ms)) {
      changes.push_back(
          {Raise(rules, rule, value, watched.cause, occasion, known), Reason::kRaised});
    } else if (verdict == Verdict::kRecover && active && RecoveredBy(*known, occasion)) {
      known->state = v1::Alert::RESOLVED;
      known->updated_at_ms = occasion.facts.at_ms;
      known->quiet_until_ms = occasion.facts.at_ms + rules[r].cooldown_ms;
      ++known->row_version;
      changes.push_back({static_cast<size_t>(known - alerts_.data()), Reason::kRecovered});
    }
  }
  for (const auto& [index, reason] : changes) {
    transitions.push_back({&alerts_[index], reason, occasion.contact});
  }
  return transitions;
}

Transitions AlertBook::OnContactEnded(const Rules& rules, const ContactSet& contacts, size_t index,
                                      int64_t ended_at_ms) {
  Transitions transitions;
  for (Alert& alert : alerts_) {
    if (alert.state != v1::Alert::OPEN || !BelongsTo(alert, contacts.contacts()[index])) continue;
    alert.state = v1::Alert::FOLLOW_UP;
    alert.updated_at_ms = std::max(alert.updated_at_ms, ended_at_ms);
    alert.follow_up_due_at_ms = ended_at_ms + rules[alert.rule].follow_up_within_ms;
    ++alert.row_version;
    transitions.push_back({&alert, Reason::kContactEnded, index});
  }
  return transitions;
}

Transitions AlertBook::OnJourneyEnded(const ContactSet& contacts, const JourneySpan& journey,
                                      int64_t ended_at_ms) {
  Transitions transitions;
  for (Alert& alert : alerts_) {
    if (!alert.active()) continue;
    const std::optional<size_t> contact = ContactOf(alert, contacts, journey);
    if (!contact) continue;
    alert.state = v1::Alert::EXPIRED;
    alert.updated_at_ms = std::max(alert.updated_at_ms, ended_at_ms);
    ++alert.row_version;
    transitions.push_back({&alert, Reason::kJourneyEnded, *contact});
  }
  return transitions;
}

void AlertBook::Drop(const ContactSet& contacts, const JourneySpan& journey) {
  std::erase_if(
      alerts_, [&](const Alert& alert) { return ContactOf(alert, contacts, journey).has_value(); });
}

}  // namespace peakend::alerts
