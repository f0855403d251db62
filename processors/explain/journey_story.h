// A journey's explanation, made by the engine's own functions from the state of its customer.
//
// Nothing is computed a second time in another way: impressions, parts and moments are what
// the engine makes of this state; only their shares in the tail are read off its weights.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_EXPLAIN_JOURNEY_STORY_H_
#define PEAKEND_PROCESSORS_EXPLAIN_JOURNEY_STORY_H_

#include <optional>
#include <string>
#include <string_view>

#include "peakend/v1/explanation.pb.h"
#include "processors/publish/customer_state.h"
#include "processors/publish/policy.h"

namespace peakend::explain {

// What is asked of a customer's state.
struct JourneyAsked {
  // 32 hex digits; empty = the latest journey of the customer.
  std::string journey_id;
  // How final the journey is looked at; nothing = as of its last event, not over yet.
  v1::EndGrade grade = v1::END_GRADE_UNSPECIFIED;
};

// Id of the journey that is asked for; nothing when the state holds none of it.
// REQUIRES: the customer is open.
std::optional<std::string> FindJourney(const publish::CustomerState& customer,
                                       const publish::Policy& policy, const JourneyAsked& asked);

// Fills all of `told` but what is known from rows only: alert, published_*, asked_* and
// merged_*. Returns false, and leaves `told` as it is, when the state holds no such journey.
// REQUIRES: the customer is open.
bool TellJourney(const publish::CustomerState& customer, const publish::Policy& policy,
                 const JourneyAsked& asked, v1::Explanation* told);

}  // namespace peakend::explain

#endif  // PEAKEND_PROCESSORS_EXPLAIN_JOURNEY_STORY_H_
