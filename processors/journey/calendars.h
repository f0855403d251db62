// The calendars of a policy, by queue.
//
// Thread-safety: immutable once it is built; any number of threads.
#ifndef PEAKEND_PROCESSORS_JOURNEY_CALENDARS_H_
#define PEAKEND_PROCESSORS_JOURNEY_CALENDARS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "processors/journey/business_hours.h"
#include "processors/journey/contact.h"

namespace peakend::journey {

class Calendars {
 public:
  // Adds a calendar for `queues`; for all that no other names when there are none. False,
  // and nothing is added, when one of them has a calendar already, or all others have.
  bool Add(BusinessHours hours, absl::Span<const std::string> queues);

  bool empty() const { return all_.empty(); }
  // The hours of a queue, or of contacts without one (""); null = always open. Valid as
  // long as this, until a calendar is added.
  const BusinessHours* Find(std::string_view queue_id) const;
  // Those of the queue that a contact names; null as well where only the order of its
  // events is known.
  const BusinessHours* Of(const Contact& contact) const {
    // Every step asks, and most policies have none.
    return all_.empty() || !contact.HasTimes() ? nullptr : Find(contact.queue_id());
  }

 private:
  std::vector<BusinessHours> all_;
  absl::flat_hash_map<std::string, size_t> by_queue_;
  std::optional<size_t> others_;
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_CALENDARS_H_
