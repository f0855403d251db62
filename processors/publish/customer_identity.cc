#include "processors/publish/customer_identity.h"

namespace peakend::publish {

using journey::PartitionClock;

CustomerIdentity::CustomerIdentity(const v1::CustomerState& record,
                                   std::pmr::memory_resource* memory)
    : links(record.links(), memory),
      host_id(record.host_id(), memory),
      recalled(record.recalled()),
      heard_ms(record.has_heard_ms() ? record.heard_ms() : PartitionClock::kUnset) {
  if (record.has_home()) home.emplace(record.home(), memory);
}

void CustomerIdentity::Save(v1::CustomerState* record) const {
  if (home) {
    home->Save(record->mutable_home());
  } else {
    // Even when there are none: so a reader sees that somebody has spoken.
    links.Save(record->mutable_links());
  }
  record->mutable_host_id()->assign(host_id);
  record->set_recalled(recalled);
  if (heard_ms != PartitionClock::kUnset) record->set_heard_ms(heard_ms);
}

bool CustomerIdentity::IsIn(const v1::CustomerState& record) {
  return record.has_links() || record.has_home();
}

}  // namespace peakend::publish
