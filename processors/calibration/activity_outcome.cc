#include "processors/calibration/activity_outcome.h"

#include <algorithm>

namespace peakend::calibration {

void RateByActivities(const Activities& activities, ActivityOutcome outcome, int64_t within_ms,
                      RatedJourneys& journeys) {
  for (RatedJourney& journey : journeys) {
    journey.outcome.reset();
    const int64_t until_ms = journey.ended_at_ms + within_ms;
    if (until_ms > activities.last_ms) continue;
    bool came = false;
    if (const auto known = activities.at_ms.find(journey.customer);
        known != activities.at_ms.end()) {
      came = std::any_of(known->second.begin(), known->second.end(), [&](int64_t at_ms) {
        return at_ms > journey.ended_at_ms && at_ms <= until_ms;
      });
    }
    journey.outcome = came == (outcome == ActivityOutcome::kRepurchase) ? 1 : 0;
  }
}

}  // namespace peakend::calibration
