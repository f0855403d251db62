#include "processors/publish/customer_record.h"

#include <climits>

#include "processors/journey/partition_clock.h"
#include "processors/journey/record_parts.h"
#include "processors/publish/customer_record_check.h"
#include "processors/publish/open_record.h"

namespace peakend::publish {
using journey::PartitionClock;

void CustomerRecordWriter::Append(const CustomerState& customer, const RecordStamp& stamp,
                                  std::string* bytes) {
  using Saved = v1::CustomerState;
  record_.Clear();
  record_.Int(Saved::kFormatFieldNumber, kCustomerRecordFormat);
  record_.Int(Saved::kAppliedFieldNumber, stamp.applied);
  record_.Fixed64(Saved::kDigestFieldNumber, stamp.digest);
  record_.Int(Saved::kGoneFieldNumber, stamp.gone);
  record_.Int(Saved::kTenantBytesFieldNumber, static_cast<int64_t>(customer.tenant_id().size()));
  if (!stamp.gone) Save(customer);
  bytes->append(record_.view());
}

void CustomerRecordWriter::Save(const CustomerState& customer) {
  using Saved = v1::CustomerState;
  if (customer.last_event_ms != PartitionClock::kUnset) {
    record_.PresentInt(Saved::kLastEventMsFieldNumber, customer.last_event_ms);
  }
  if (customer.wake_ms() != PartitionClock::kEndOfTime) {
    record_.PresentInt(Saved::kWakeMsFieldNumber, customer.wake_ms());
  }
  if (!customer.previous_journey.empty()) {
    journey::Save(customer.previous_journey, Saved::kPreviousJourneyFieldNumber, record_);
  }
  if (customer.open() != nullptr) {
    record_.Message(Saved::kOpenFieldNumber, [&] { SaveOpen(*customer.open(), *rules_, record_); });
  } else if (const PackedCustomer* packed = customer.packed()) {
    record_.PresentBytes(Saved::kOpenFieldNumber, packed->bytes);
  }
  if (!customer.memory.empty()) {
    record_.Message(Saved::kMemoryFieldNumber, [&] { journey::Save(customer.memory, record_); });
  }
  if (customer.identity() != nullptr) {
    v1::CustomerState identity;
    customer.identity()->Save(&identity);
    record_.Fields(identity.SerializeAsString());
  }
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
    customer.Pack(record_.open().SerializeAsString(), schedule, memory.packed);
  }
  return restored;
}

}  // namespace peakend::publish
