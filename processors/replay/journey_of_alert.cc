#include "processors/replay/journey_of_alert.h"

#include <algorithm>
#include <string>
#include <tuple>

namespace peakend::replay {

JourneyOfAlert::JourneyOfAlert(const std::vector<RatedJourney>& journeys) : journeys_(journeys) {
  for (size_t i = 0; i < journeys.size(); ++i) {
    by_id_[journeys[i].journey_id] = i;
    of_customer_[{journeys[i].tenant_id, journeys[i].customer_id}].push_back(i);
  }
  for (auto& [customer, indices] : of_customer_) {
    std::sort(indices.begin(), indices.end(), [&](size_t a, size_t b) {
      return std::tie(journeys[b].started_at_ms, journeys[b].journey_id) <
             std::tie(journeys[a].started_at_ms, journeys[a].journey_id);
    });
  }
}

std::optional<size_t> JourneyOfAlert::Find(const RaisedAlert& alert) const {
  const auto of_customer = of_customer_.find(Customer(alert.tenant_id, alert.customer_id));
  if (of_customer != of_customer_.end()) {
    for (const size_t i : of_customer->second) {
      const std::vector<std::string>& contacts = journeys_[i].contact_ids;
      if (journeys_[i].started_at_ms <= alert.occurred_at_ms &&
          std::find(contacts.begin(), contacts.end(), alert.contact_id) != contacts.end()) {
        return i;
      }
    }
  }
  const auto named = by_id_.find(alert.journey_id);
  if (named == by_id_.end()) return std::nullopt;
  return named->second;
}

}  // namespace peakend::replay
