// Customers at rest: kept as bytes while none of their contacts is live.
//
// A journey can be amended for weeks, a contact lives for minutes. What is kept of both is
// the same; as bytes it takes a fifth.
//
// Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_PACKER_H_
#define PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_PACKER_H_

#include "peakend/v1/customer_state.pb.h"
#include "processors/alerts/rule.h"
#include "processors/journey/record_bytes.h"
#include "processors/journey/windows.h"
#include "processors/publish/customer_memory.h"
#include "processors/publish/customer_state.h"

namespace peakend::publish {

class CustomerPacker {
 public:
  // All must outlive this.
  CustomerPacker(const alerts::Rules& rules, const journey::Windows& windows, CustomerMemory memory)
      : rules_(rules), windows_(windows), memory_(memory) {}

  // Does nothing to a customer who is not open.
  void Pack(CustomerState& customer);
  // The customer opened: as packed, as they are, or anew where they were idle.
  OpenCustomer& Unpack(CustomerState& customer);

 private:
  const alerts::Rules& rules_;
  const journey::Windows& windows_;
  CustomerMemory memory_;
  journey::RecordBytes bytes_;
  v1::CustomerState::Open record_;
};

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_PACKER_H_
