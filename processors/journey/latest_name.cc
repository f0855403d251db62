#include "processors/journey/latest_name.h"

#include "processors/journey/record_parts.h"

namespace peakend::journey {

LatestName::LatestName(const v1::CustomerState::Named& record, std::pmr::memory_resource* memory)
    : at(FromRecord(record.at())), value(record.name(), memory) {}

void LatestName::Save(int field, RecordBytes& record) const {
  if (empty()) return;
  record.Message(field, [&] {
    journey::Save(at, v1::CustomerState::Named::kAtFieldNumber, record);
    record.Bytes(v1::CustomerState::Named::kNameFieldNumber, value);
  });
}

void LatestName::Offer(const EventTime& offered_at, std::string_view offered) {
  if (offered.empty() || offered_at < at) return;
  at = offered_at;
  if (value != offered) value = offered;
}

}  // namespace peakend::journey
