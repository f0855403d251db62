// The id of a journey: a hash of tenant, customer and its first event.
#ifndef PEAKEND_PROCESSORS_JOURNEY_JOURNEY_ID_H_
#define PEAKEND_PROCESSORS_JOURNEY_JOURNEY_ID_H_

#include <string_view>

#include "processors/journey/contact.h"
#include "processors/journey/identifier.h"

namespace peakend::journey {

// Changes when an earlier event turns up: the old id then gets a last revision
// that names the new one.
Identifier JourneyId(std::string_view tenant_id, std::string_view customer_id,
                     const EventTime& first);

// The same for a contact within its customer; two contacts of one id differ.
Identifier ContactKey(std::string_view tenant_id, std::string_view customer_id,
                      const Contact& contact);

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_JOURNEY_ID_H_
