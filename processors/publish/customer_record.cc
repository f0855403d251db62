#include "processors/publish/customer_record.h"

#include <climits>

#include "processors/journey/partition_clock.h"
#include "processors/journey/record_parts.h"
#include "processors/publish/customer_record_check.h"
#include "processors/publish/open_record.h"
#include "processors/publish/revision.h"

namespace peakend::publish {
using journey::PartitionClock;

void CustomerRecordWriter::Append(const CustomerState& customer, const RecordStamp& stamp,
                                  std::string* bytes) {
  record_.Clear();
  record_.set_format(kCustomerRecordFormat);
  record_.set_applied(stamp.applied);
  record_.set_digest(stamp.digest);
  record_.set_gone(stamp.gone);
  record_.set_tenant_bytes(static_cast<uint32_t>(customer.tenant_id().size()));
  if (!stamp.gone) {
    if (customer.last_event_ms != PartitionClock::kUnset) {
      record_.set_last_event_ms(customer.last_event_ms);
    }
    if (customer.wake_ms() != PartitionClock::kEndOfTime) record_.set_wake_ms(customer.wake_ms());
    if (!customer.previous_journey.empty()) {
      journey::Save(customer.previous_journey, record_.mutable_previous_journey());
    }
    if (!customer.memory.empty()) journey::Save(customer.memory, record_.mutable_memory());
    if (customer.identity() != nullptr) customer.identity()->Save(&record_);
    if (customer.open() != nullptr) SaveOpen(*customer.open(), *rules_, record_.mutable_open());
    if (const PackedCustomer* packed = customer.packed()) {
      record_.mutable_open()->ParseFromArray(packed->bytes.data(),
                                             static_cast<int>(packed->bytes.size()));
    }
  }
  AppendBytes(record_, bytes);
}

absl::StatusOr<RestoredCustomer> CustomerRecordReader::Restore(std::string_view key,
                                                               std::string_view value,
                                                               CustomerMemory memory) {
  if (value.size() > INT_MAX ||
      !record_.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return absl::DataLossError("damaged customer record: not a message");
  }
  if (absl::Status status = CheckCustomerRecord(record_, key); !status.ok()) return status;
  RestoredCustomer restored{
      CustomerState(key.substr(0, record_.tenant_bytes()), key.substr(record_.tenant_bytes() + 1)),
      {record_.applied(), record_.digest(), record_.gone()}};
  if (record_.gone()) return restored;
  CustomerState& customer = restored.customer;
  if (record_.has_last_event_ms()) customer.last_event_ms = record_.last_event_ms();
  customer.memory = journey::FromRecord(record_.memory());
  customer.previous_journey = journey::FromRecord(record_.previous_journey());
  if (CustomerIdentity::IsIn(record_)) {
    customer.Identify(CustomerIdentity(record_, memory.open), memory.open);
  }
  if (record_.has_open()) {
    Schedule schedule;
    schedule.open_journeys = record_.open().open_journeys();
    if (record_.has_wake_ms()) schedule.wake_ms = record_.wake_ms();
    customer.Pack(record_.open(), schedule, memory.packed);
  }
  return restored;
}

}  // namespace peakend::publish
