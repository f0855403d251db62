// Outcomes that nobody was asked for: who comes back to buy, and who leaves.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_CALIBRATION_ACTIVITY_OUTCOME_H_
#define PEAKEND_PROCESSORS_CALIBRATION_ACTIVITY_OUTCOME_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "processors/calibration/rated_journey.h"

namespace peakend::calibration {

enum class ActivityOutcome : uint8_t {
  kRepurchase,  // 1 = the customer orders, pays or renews within the time after the journey
  kChurn,       // 0 = the customer leaves within the time after the journey
};

// When customers (tenant + "/" + customer) did what the outcome is about, in ms.
struct Activities {
  absl::flat_hash_map<std::string, std::vector<int64_t>> at_ms;
  int64_t last_ms = 0;  // of all events, so that it is known how far one could see
};

// Sets the outcome of each journey by what came within `within_ms` after its end, and none for
// a journey whose time had not passed when the events end.
void RateByActivities(const Activities& activities, ActivityOutcome outcome, int64_t within_ms,
                      RatedJourneys& journeys);

}  // namespace peakend::calibration

#endif  // PEAKEND_PROCESSORS_CALIBRATION_ACTIVITY_OUTCOME_H_
