// Whose doing an impression is.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_ATTRIBUTION_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_ATTRIBUTION_H_

#include <string_view>

#include "processors/journey/cause.h"
#include "processors/journey/contact.h"

namespace peakend::publish {

// "queue", "bot", "system" or "agent". What those who talk to the customer do, and what the
// customer says to them, is the agent's where a human answered in `contact`, else the bot's
// where something did, else the queue's: nobody was there.
std::string_view AttributedTo(journey::Cause cause, const journey::Contact& contact);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_ATTRIBUTION_H_
