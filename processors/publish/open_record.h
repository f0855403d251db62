// What is kept of an open customer as a record, and back; part of CustomerState in
// proto/peakend/v1/customer_state.proto.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_PUBLISH_OPEN_RECORD_H_
#define PEAKEND_PROCESSORS_PUBLISH_OPEN_RECORD_H_

#include <memory_resource>

#include "peakend/v1/customer_state.pb.h"
#include "processors/alerts/rule.h"
#include "processors/journey/record_bytes.h"
#include "processors/journey/windows.h"
#include "processors/publish/customer_state.h"

namespace peakend::publish {

// Writes the fields of its record. REQUIRES: the alerts were raised under `rules`.
void SaveOpen(const OpenCustomer& open, const alerts::Rules& rules, journey::RecordBytes& record);

// Opens `customer` as `record` says, in `memory`; when something is due is not part of it.
// Alerts of rules that are not in `rules` are forgotten. REQUIRES: the record was checked.
OpenCustomer& ReadOpen(const v1::CustomerState::Open& record, const alerts::Rules& rules,
                       const journey::Windows& windows, std::pmr::memory_resource* memory,
                       CustomerState& customer);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_OPEN_RECORD_H_
