// Whose doing an impression is.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_ATTRIBUTION_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_ATTRIBUTION_H_

#include <string_view>

#include "processors/journey/cause.h"
#include "processors/journey/contact.h"
#include "processors/publish/policy.h"

namespace peakend::publish {

// "queue", "bot", "system", "agent" or "partner". All that happens at a touchpoint that is a
// partner's is the partner's; "" is none. Elsewhere what those who talk to the customer do, and
// what the customer says to them, is the agent's where a human answered in `contact`, else the
// bot's where something did, else the queue's: nobody was there.
std::string_view AttributedTo(journey::Cause cause, const journey::Contact& contact,
                              std::string_view touchpoint_id, const Policy& policy);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_ATTRIBUTION_H_
