// A customer's journeys, each with what was remembered before it.
//
// Thread-safety: pure functions. REQUIRES for both: the customer is open.
#ifndef PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_JOURNEYS_H_
#define PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_JOURNEYS_H_

#include <cstddef>

#include "processors/journey/contact_set.h"
#include "processors/publish/customer_state.h"
#include "processors/publish/policy.h"

namespace peakend::publish {

// In order of time. A journey that is kept is remembered as it will be when it is dropped, so
// that it makes no difference when that happens. One that begins more than windows.memory after
// the one before is a stranger's: nothing is remembered before it.
journey::JourneySpans JourneysOf(const CustomerState& customer, const Policy& policy);

// The one that holds contact `index`. REQUIRES: there is such a contact.
journey::JourneySpan JourneyOf(const CustomerState& customer, size_t index, const Policy& policy);

// What is remembered after `journey`.
journey::Memory MemoryAfter(const CustomerState& customer, const journey::JourneySpan& journey,
                            const Policy& policy);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_JOURNEYS_H_
