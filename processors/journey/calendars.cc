#include "processors/journey/calendars.h"

#include <algorithm>
#include <utility>

namespace peakend::journey {

bool Calendars::Add(BusinessHours hours, absl::Span<const std::string> queues) {
  const bool taken =
      queues.empty() ? others_.has_value()
                     : std::any_of(queues.begin(), queues.end(), [&](const std::string& queue_id) {
                         return by_queue_.contains(queue_id);
                       });
  if (taken) return false;
  const size_t index = all_.size();
  all_.push_back(std::move(hours));
  if (queues.empty()) others_ = index;
  for (const std::string& queue_id : queues) by_queue_.emplace(queue_id, index);
  return true;
}

const BusinessHours* Calendars::Find(std::string_view queue_id) const {
  const auto named = by_queue_.find(absl::string_view(queue_id.data(), queue_id.size()));
  if (named != by_queue_.end()) return &all_[named->second];
  return others_ ? &all_[*others_] : nullptr;
}

}  // namespace peakend::journey
