#include "processors/publish/customer_packer.h"

#include "processors/publish/open_record.h"

namespace peakend::publish {

void CustomerPacker::Pack(CustomerState& customer) {
  const OpenCustomer* open = customer.open();
  if (open == nullptr) return;
  bytes_.Clear();
  SaveOpen(*open, rules_, bytes_);
  customer.Pack(bytes_.view(), open->schedule, memory_.packed);
}

OpenCustomer& CustomerPacker::Unpack(CustomerState& customer) {
  if (customer.open() != nullptr) return *customer.open();
  const PackedCustomer* packed = customer.packed();
  if (packed == nullptr) return customer.Open(memory_.open);
  // These are the bytes that Pack or a checked record gave.
  record_.ParseFromArray(packed->bytes.data(), static_cast<int>(packed->bytes.size()));
  const Schedule schedule = packed->schedule;
  OpenCustomer& open = ReadOpen(record_, rules_, windows_, memory_.open, customer);
  open.schedule = schedule;
  return open;
}

}  // namespace peakend::publish
