// A name that events of a contact give, of which the latest counts.
#ifndef PEAKEND_PROCESSORS_JOURNEY_LATEST_NAME_H_
#define PEAKEND_PROCESSORS_JOURNEY_LATEST_NAME_H_

#include <memory_resource>
#include <string>
#include <string_view>

#include "peakend/v1/customer_state.pb.h"
#include "processors/journey/event_time.h"
#include "processors/journey/record_bytes.h"

namespace peakend::journey {

// A name and the time of the event that it comes from.
struct LatestName {
  explicit LatestName(std::pmr::memory_resource* memory) : value(memory) {}
  // The one that Save wrote.
  LatestName(const v1::CustomerState::Named& record, std::pmr::memory_resource* memory);
  // As `field` of the message that is being written; nothing of an empty one.
  void Save(int field, RecordBytes& record) const;

  bool empty() const { return value.empty(); }
  // An empty one says nothing.
  void Offer(const EventTime& offered_at, std::string_view offered);

  EventTime at;
  std::pmr::string value;
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_LATEST_NAME_H_
