#include "processors/publish/customer_record.h"

#include <climits>

#include "processors/journey/journey_id.h"
#include "processors/journey/partition_clock.h"
#include "processors/journey/record_parts.h"
#include "processors/publish/customer_record_check.h"
#include "processors/publish/revision.h"

namespace peakend::publish {
namespace {

using journey::PartitionClock;

void SaveRow(const RowVersion& row, v1::MomentKind kind, v1::CustomerState::PublishedRows* rows) {
  if (row.version == 0) return;
  v1::CustomerState::Row& record = *rows->add_rows();
  record.set_kind(kind);
  record.set_version(row.version);
  record.set_digest(row.digest);
}

void SaveRows(const PublishedRows& rows, v1::CustomerState::PublishedRows* record) {
  journey::Save(rows.first, record->mutable_first());
  // The rows of a journey begin with the journey's own.
  if (rows.journey.version == 0) journey::Save(rows.id, record->mutable_contact());
  if (rows.card_version != 0) record->set_card_version(rows.card_version);
  SaveRow(rows.journey, v1::MOMENT_KIND_UNSPECIFIED, record);
  for (size_t kind = v1::OPENING; kind < rows.moments.size(); ++kind) {
    SaveRow(rows.moments[kind], static_cast<v1::MomentKind>(kind), record);
  }
}

PublishedRows ReadRows(const v1::CustomerState::PublishedRows& record,
                       const CustomerState& customer) {
  PublishedRows rows;
  rows.first = journey::FromRecord(record.first());
  // What a contact's moments were made of is not kept: they are made once more, and
  // found to say nothing new.
  rows.id = !record.has_contact()
                ? journey::JourneyId(customer.tenant_id(), customer.customer_id(), rows.first)
                : journey::FromRecord(record.contact());
  rows.card_version = record.card_version();
  for (const v1::CustomerState::Row& row : record.rows()) {
    RowVersion& version =
        row.kind() == v1::MOMENT_KIND_UNSPECIFIED ? rows.journey : rows.moments[row.kind()];
    version = {row.version(), row.digest()};
  }
  return rows;
}

void SaveOpen(const OpenCustomer& open, const alerts::Rules& rules,
              v1::CustomerState::Open* record) {
  open.contacts.Save(record->mutable_contacts());
  open.alerts.Save(rules, record->mutable_alerts());
  for (const PublishedRows& rows : open.rows) SaveRows(rows, record->add_rows());
  record->set_open_journeys(open.open_journeys);
}

void ReadOpen(const v1::CustomerState::Open& record, const alerts::Rules& rules,
              std::pmr::memory_resource* memory, CustomerState& customer) {
  OpenCustomer& open = customer.Open(memory);
  open.contacts = journey::ContactSet(record.contacts(), memory);
  open.alerts = alerts::AlertBook(record.alerts(), rules, memory);
  open.rows.reserve(static_cast<size_t>(record.rows_size()));
  for (const v1::CustomerState::PublishedRows& rows : record.rows()) {
    open.rows.push_back(ReadRows(rows, customer));
  }
  open.open_journeys = record.open_journeys();
}

}  // namespace

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
    if (customer.open() != nullptr) SaveOpen(*customer.open(), rules_, record_.mutable_open());
  }
  AppendBytes(record_, bytes);
}

absl::StatusOr<RestoredCustomer> CustomerRecordReader::Restore(std::string_view key,
                                                               std::string_view value,
                                                               std::pmr::memory_resource* memory) {
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
  if (record_.has_open()) {
    ReadOpen(record_.open(), rules_, memory, customer);
    if (record_.has_wake_ms()) customer.open()->wake_ms = record_.wake_ms();
  }
  return restored;
}

}  // namespace peakend::publish
