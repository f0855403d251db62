// What one contact did to the customer by itself: waits, holds, transfers, silence, ...
//
// Thread-safety: a pure function.
#ifndef PEAKEND_PROCESSORS_MOMENTS_CONTACT_IMPRESSIONS_H_
#define PEAKEND_PROCESSORS_MOMENTS_CONTACT_IMPRESSIONS_H_

#include <cstdint>
#include <optional>

#include "processors/journey/contact.h"
#include "processors/journey/memory.h"
#include "processors/moments/experience.h"
#include "processors/moments/impression_maker.h"

namespace peakend::moments {

// Adds at most one impression per cause to `maker`; nothing for a contact in which
// nothing was tallied. `before` is what the customer remembers of earlier journeys.
void DeriveFromContact(const journey::Contact& contact, const journey::Memory& before,
                       const Experience& experience, ImpressionMaker& maker);

// How long the customer waited until somebody answered, in the queue or for a first
// response, in its open hours; nothing when nobody did or nobody knows.
std::optional<int64_t> AnsweredAfterMs(const journey::Contact& contact,
                                       const Experience& experience);

}  // namespace peakend::moments

#endif  // PEAKEND_PROCESSORS_MOMENTS_CONTACT_IMPRESSIONS_H_
