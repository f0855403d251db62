// What the one who says hello should know, as a message.
//
// Thread-safety: pure functions. Neither customer text nor event ids appear.
#ifndef PEAKEND_PROCESSORS_PUBLISH_OPENING_CARD_H_
#define PEAKEND_PROCESSORS_PUBLISH_OPENING_CARD_H_

#include <cstddef>
#include <cstdint>

#include "peakend/v1/memory.pb.h"
#include "peakend/v1/opening_card.pb.h"
#include "processors/journey/contact_set.h"
#include "processors/journey/memory.h"
#include "processors/publish/customer_state.h"
#include "processors/publish/policy.h"

namespace peakend::publish {

// A memory whose levels have faded to the time that is spoken of.
void FillMemory(const journey::Memory& faded, v1::Memory* memory);

// Days from a minute that is remembered to a time; at least 0, and 0 of the minute 0.
int64_t DaysSince(uint32_t minute, int64_t at_ms);

// The card of contact `index`, which has just begun, without row_version and source. Returns
// false, and leaves `card` undefined, when the customer brings nothing along that the policy
// has an opening for. `journeys` are all journeys of the customer, with their memories.
// REQUIRES: the customer is open.
bool FillOpeningCard(const CustomerState& customer, const Policy& policy,
                     const journey::JourneySpans& journeys, size_t index, v1::OpeningCard* card);

// The card that is out at this state, of the newest contact that has one. Returns false, and
// leaves `card` undefined, when there is none.
bool FillCardThatIsOut(const CustomerState& customer, const Policy& policy, v1::OpeningCard* card);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_OPENING_CARD_H_
