#include "processors/publish/open_record.h"

#include "processors/journey/journey_id.h"
#include "processors/journey/record_parts.h"

namespace peakend::publish {
namespace {

using journey::RecordBytes;

void SaveRow(const RowVersion& row, v1::MomentKind kind, RecordBytes& record) {
  if (row.version == 0) return;
  record.Message(v1::CustomerState::PublishedRows::kRowsFieldNumber, [&] {
    record.Int(v1::RowState::kKindFieldNumber, kind);
    record.Int(v1::RowState::kVersionFieldNumber, row.version);
    record.Fixed64(v1::RowState::kDigestFieldNumber, row.digest);
  });
}

void SaveBundle(const BundleVersion& bundle, RecordBytes& record) {
  using Saved = v1::RowBundleState;
  if (bundle.version == 0) return;
  record.Message(v1::CustomerState::PublishedRows::kBundleFieldNumber, [&] {
    record.Int(Saved::kVersionFieldNumber, bundle.version);
    record.Int(Saved::kLegsFieldNumber, bundle.legs);
    record.Int(Saved::kPromisesFieldNumber, bundle.promises);
    record.Fixed64(Saved::kCausesFieldNumber, bundle.causes);
  });
}

void SaveRows(const PublishedRows& rows, RecordBytes& record) {
  using Saved = v1::CustomerState::PublishedRows;
  journey::Save(rows.first, Saved::kFirstFieldNumber, record);
  // The rows of a journey begin with the journey's own.
  if (rows.journey.version == 0) journey::Save(rows.id, Saved::kContactFieldNumber, record);
  SaveRow(rows.journey, v1::MOMENT_KIND_UNSPECIFIED, record);
  for (size_t kind = v1::OPENING; kind < rows.moments.size(); ++kind) {
    SaveRow(rows.moments[kind], static_cast<v1::MomentKind>(kind), record);
  }
  if (rows.card_version != 0) {
    record.PresentInt(Saved::kCardVersionFieldNumber, rows.card_version);
  }
  record.Int(Saved::kWithdrawnFieldNumber, rows.withdrawn);
  record.Int(Saved::kCardWithdrawnVersionFieldNumber, rows.card_withdrawn_version);
  record.Fixed64(Saved::kFactsFieldNumber, rows.fact_digest);
  SaveBundle(rows.bundle, record);
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
  rows.bundle = {record.bundle().version(), record.bundle().legs(), record.bundle().promises(),
                 record.bundle().causes()};
  for (const v1::RowState& row : record.rows()) {
    RowVersion& version =
        row.kind() == v1::MOMENT_KIND_UNSPECIFIED ? rows.journey : rows.moments[row.kind()];
    version = {row.version(), row.digest()};
  }
  return rows;
}

}  // namespace

void SaveOpen(const OpenCustomer& open, const alerts::Rules& rules, RecordBytes& record) {
  using Saved = v1::CustomerState::Open;
  open.parts.SaveOwn(record);
  open.alerts.Save(rules, Saved::kAlertsFieldNumber, record);
  for (const PublishedRows& rows : open.rows) {
    record.Message(Saved::kRowsFieldNumber, [&] { SaveRows(rows, record); });
  }
  record.Int(Saved::kOpenJourneysFieldNumber, open.schedule.open_journeys);
  open.parts.SaveGuests(record);
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
