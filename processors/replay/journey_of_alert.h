// Finds the rated journey that an alert belongs to (outcome_quality.h says which).
//
// Thread-safety: none. The journeys must outlive this.
#ifndef PEAKEND_PROCESSORS_REPLAY_JOURNEY_OF_ALERT_H_
#define PEAKEND_PROCESSORS_REPLAY_JOURNEY_OF_ALERT_H_

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "processors/replay/outcome_quality.h"
#include "processors/replay/raised_alert.h"

namespace peakend::replay {

class JourneyOfAlert {
 public:
  explicit JourneyOfAlert(const std::vector<RatedJourney>& journeys);

  // Index into the journeys; nothing = the alert belongs to no rated one.
  std::optional<size_t> Find(const RaisedAlert& alert) const;

 private:
  using Customer = std::pair<std::string_view, std::string_view>;  // tenant, customer

  const std::vector<RatedJourney>& journeys_;
  absl::flat_hash_map<Customer, std::vector<size_t>> of_customer_;  // by start, newest first
  absl::flat_hash_map<std::string_view, size_t> by_id_;
};

}  // namespace peakend::replay

#endif  // PEAKEND_PROCESSORS_REPLAY_JOURNEY_OF_ALERT_H_
