// Which contact an alert belongs to: the one that it was raised in, wherever that goes when
// journeys are joined or split.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_ALERTS_ALERT_CONTACT_H_
#define PEAKEND_PROCESSORS_ALERTS_ALERT_CONTACT_H_

#include <algorithm>
#include <cstddef>
#include <optional>

#include "processors/alerts/alert_book.h"
#include "processors/journey/contact.h"
#include "processors/journey/contact_set.h"

namespace peakend::alerts {

inline bool Spans(const journey::Contact& contact, const Alert& alert) {
  return contact.first() <= alert.raised && alert.raised <= contact.last();
}

inline bool HoldsPlace(const journey::Contact& contact, const Alert& alert) {
  return contact.id() == alert.contact_id && Spans(contact, alert);
}

// Contacts without an id are told apart by their channel, but that of one may change.
inline bool IsOfItsChannel(const journey::Contact& contact, const Alert& alert) {
  return !contact.id().empty() || !alert.channel || *alert.channel == contact.channel();
}

// `index` is that of a contact in `contacts`.
inline bool BelongsTo(const Alert& alert, const journey::ContactSet& contacts, size_t index) {
  const auto all = contacts.contacts();
  if (!HoldsPlace(all[index], alert)) {
    // Where customers have too many contacts together, its own is part of another one.
    const auto holds = [&](const journey::Contact& contact) { return HoldsPlace(contact, alert); };
    const auto spans = [&](const journey::Contact& contact) { return Spans(contact, alert); };
    return Spans(all[index], alert) && std::none_of(all.begin(), all.end(), holds) &&
           std::none_of(all.begin(), all.begin() + static_cast<ptrdiff_t>(index), spans);
  }
  return IsOfItsChannel(all[index], alert) ||
         std::none_of(all.begin(), all.end(), [&](const journey::Contact& contact) {
           return HoldsPlace(contact, alert) && IsOfItsChannel(contact, alert);
         });
}

// Index of the contact in `journey` that `alert` was raised in.
inline std::optional<size_t> ContactOf(const Alert& alert, const journey::ContactSet& contacts,
                                       const journey::JourneySpan& journey) {
  for (size_t i = journey.begin; i < journey.end; ++i) {
    if (BelongsTo(alert, contacts, i)) return i;
  }
  return std::nullopt;
}

}  // namespace peakend::alerts

#endif  // PEAKEND_PROCESSORS_ALERTS_ALERT_CONTACT_H_
