// What one contact did to the customer by itself: waits, holds, transfers, silence, ...
//
// Thread-safety: a pure function.
#ifndef PEAKEND_PROCESSORS_MOMENTS_CONTACT_IMPRESSIONS_H_
#define PEAKEND_PROCESSORS_MOMENTS_CONTACT_IMPRESSIONS_H_

#include "processors/journey/contact.h"
#include "processors/moments/experience.h"
#include "processors/moments/impression_maker.h"

namespace peakend::moments {

// Adds at most one impression per cause to `maker`; nothing for a contact in which
// nothing was tallied.
void DeriveFromContact(const journey::Contact& contact, const Experience& experience,
                       ImpressionMaker& maker);

}  // namespace peakend::moments

#endif  // PEAKEND_PROCESSORS_MOMENTS_CONTACT_IMPRESSIONS_H_
