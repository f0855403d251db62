// Why an alert came: its rule with the policy's limits, what the rule saw, and by how much
// that was over.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_EXPLAIN_ALERT_STORY_H_
#define PEAKEND_PROCESSORS_EXPLAIN_ALERT_STORY_H_

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "peakend/v1/alert.pb.h"
#include "peakend/v1/explanation.pb.h"
#include "processors/publish/policy.h"

namespace peakend::explain {

// Event times by event id.
using EventTimes = absl::flat_hash_map<std::string, int64_t>;

// Id of the event from which the time runs that `raised`, the first revision of an alert, was
// waiting for; empty = its rule waits for no time, or is not in the policy.
std::string CountsFrom(const v1::Alert& raised, const publish::Policy& policy);

// Fills told->alert. `revisions` are those of one alert, in order of row_version, from the
// first that is known on; `told` has its journey already. REQUIRES: !revisions.empty().
void TellAlert(absl::Span<const v1::Alert> revisions, const publish::Policy& policy,
               const EventTimes& events, v1::Explanation* told);

}  // namespace peakend::explain

#endif  // PEAKEND_PROCESSORS_EXPLAIN_ALERT_STORY_H_
