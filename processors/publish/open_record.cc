#include "processors/publish/open_record.h"

#include "processors/journey/journey_id.h"
#include "processors/journey/record_parts.h"

namespace peakend::publish {
namespace {

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
  record->set_card_withdrawn_version(rows.card_withdrawn_version);
  record->set_withdrawn(rows.withdrawn);
  record->set_facts(rows.fact_digest);
  SaveRow(rows.journey, v1::MOMENT_KIND_UNSPECIFIED, record);
  for (size_t kind = v1::OPENING; kind < rows.moments.size(); ++kind) {
    SaveRow(rows.moments[kind], static_cast<v1::MomentKind>(kind), record);
  }
}

PublishedRows ReadRows(const v1::CustomerState::PublishedRows& record,
                       const CustomerState& customer) {
  PublishedRows rows;
  rows.first = journey::FromRecord(record.first());
  rows.id = !record.has_contact()
                ? journey::JourneyId(customer.tenant_id(), customer.customer_id(), rows.first)
                : journey::FromRecord(record.contact());
  rows.card_version = record.card_version();
  rows.card_withdrawn_version = record.card_withdrawn_version();
  rows.withdrawn = record.withdrawn();
  rows.fact_digest = record.facts();
  for (const v1::CustomerState::Row& row : record.rows()) {
    RowVersion& version =
        row.kind() == v1::MOMENT_KIND_UNSPECIFIED ? rows.journey : rows.moments[row.kind()];
    version = {row.version(), row.digest()};
  }
  return rows;
}

}  // namespace

void SaveOpen(const OpenCustomer& open, const alerts::Rules& rules,
              v1::CustomerState::Open* record) {
  open.parts.Save(record);
  open.alerts.Save(rules, record->mutable_alerts());
  for (const PublishedRows& rows : open.rows) SaveRows(rows, record->add_rows());
  record->set_open_journeys(open.schedule.open_journeys);
}

OpenCustomer& ReadOpen(const v1::CustomerState::Open& record, const alerts::Rules& rules,
                       const journey::Windows& windows, std::pmr::memory_resource* memory,
                       CustomerState& customer) {
  OpenCustomer& open = customer.Open(memory);
  open.parts = journey::ContactParts(record, windows, memory);
  open.alerts = alerts::AlertBook(record.alerts(), rules, memory);
  open.rows.reserve(static_cast<size_t>(record.rows_size()));
  for (const v1::CustomerState::PublishedRows& rows : record.rows()) {
    open.rows.push_back(ReadRows(rows, customer));
  }
  open.schedule.open_journeys = record.open_journeys();
  return open;
}

}  // namespace peakend::publish
