// The rows of moments and journeys: written, withdrawn, and kept where they may come back.
#include <algorithm>
#include <string>

#include "processors/publish/customer_ids.h"
#include "processors/publish/revision.h"
#include "processors/publish/rows/journey_row.h"
#include "processors/publish/rows/moment_row.h"
#include "processors/publish/step.h"

namespace peakend::publish {
namespace {

using journey::Identifier;
using journey::JourneySpan;
using journey::JourneySpans;

std::string MomentKey(const Identifier& id, v1::MomentKind kind) {
  return journey::ToHex(id) + ":" + v1::MomentKind_Name(kind);
}

int64_t LatestVersion(const PublishedRows& rows) {
  int64_t latest = std::max(
      {rows.journey.version, rows.bundle.version, rows.card_version, rows.card_withdrawn_version});
  for (const RowVersion& row : rows.moments) latest = std::max(latest, row.version);
  return latest;
}

constexpr v1::MomentKind kMomentKinds[] = {v1::OPENING, v1::PEAK_POSITIVE, v1::PEAK_NEGATIVE,
                                           v1::END};

}  // namespace

void Step::WriteMoments(const Assessed& assessed, PublishedRows& rows, const StepContext& context,
                        OutputBatch& outputs, StepCounts& counts) {
  const int64_t first_version = FirstVersion(assessed.customer, rows, context.watermark_ms);
  for (const v1::MomentKind kind : kMomentKinds) {
    RowVersion& row = rows.moments[kind];
    const bool is_new = row.version == 0;
    const journey::Contact* contact = FillMoment(assessed, kind, &moment_);
    if (contact == nullptr && is_new) continue;
    const std::string key = MomentKey(rows.id, kind);
    moment_.set_moment_id(key);
    moment_.set_is_deleted(contact == nullptr);
    if (!WriteRevision(moment_, moment_head_, key, Topic::kMoments, cause_.source, row,
                       first_version, &bytes_, outputs)) {
      continue;
    }
    ++counts.moments[kind];
    if (!rows_.Writes(RowKind::kMoment)) continue;
    RowIdentity identity = IdentityOf(assessed.customer, key, rows.first, row.version, is_new);
    identity.is_deleted = contact == nullptr;
    WriteRow(RowKind::kMoment, identity, outputs, [&](journey::RecordBytes& columns) {
      FillMomentRow(moment_, contact, journey::HexDigits(rows.id).view(), policy_, columns);
    });
  }
}

void Step::WriteJourney(const Assessed& assessed, const journey::SurveyAnswer* survey,
                        PublishedRows& rows, const StepContext& context, OutputBatch& outputs,
                        StepCounts& counts) {
  FillJourney(assessed, survey, &journey_);
  const std::string key = journey::ToHex(rows.id);
  const bool is_new = rows.journey.version == 0;
  const int64_t first_version = FirstVersion(assessed.customer, rows, context.watermark_ms);
  if (!WriteRevision(journey_, journey_head_, key, Topic::kJourneys, cause_.source, rows.journey,
                     first_version, &bytes_, outputs)) {
    return;
  }
  ++counts.journey_revisions;
  if (!rows_.Writes(RowKind::kJourney)) return;
  WriteRow(RowKind::kJourney,
           IdentityOf(assessed.customer, key, rows.first, rows.journey.version, is_new), outputs,
           [&](journey::RecordBytes& row) { FillJourneyRow(journey_, &assessed, row); });
}

void Step::WithdrawSuperseded(CustomerState& customer, const JourneySpans& spans,
                              const StepContext& context, OutputBatch& outputs,
                              StepCounts& counts) {
  OpenCustomer& open = *customer.open();
  absl::InlinedVector<Identifier, 16> current;
  for (const JourneySpan& span : spans) {
    current.push_back(IdOf(customer, span));
    for (size_t i = span.begin; i < span.end; ++i) {
      current.push_back(IdOf(customer, open.contacts().contacts()[i]));
    }
  }
  std::erase_if(open.rows, [&](PublishedRows& rows) {
    if (std::find(current.begin(), current.end(), rows.id) != current.end()) return false;
    if (!rows.withdrawn) Withdraw(customer, rows, spans, context, outputs, counts);
    rows.withdrawn = MayComeBack(customer, rows);
    rows.fact_digest = 0;
    return !rows.withdrawn || MayComeBackUntilMs(rows) < context.watermark_ms;
  });
  ForgetWithdrawn(open);
}

void Step::Withdraw(const CustomerState& customer, PublishedRows& rows, const JourneySpans& spans,
                    const StepContext& context, OutputBatch& outputs, StepCounts& counts) {
  WithdrawCard(customer, rows, outputs);
  for (const v1::MomentKind kind : kMomentKinds) {
    RowVersion& row = rows.moments[kind];
    if (row.version == 0) continue;
    const std::string key = MomentKey(rows.id, kind);
    moment_.Clear();
    moment_.set_moment_id(key);
    moment_.set_is_deleted(true);
    moment_.set_merged_into(std::string(context.merged_into));
    if (!WriteRevision(moment_, moment_head_, key, Topic::kMoments, cause_.source, row, 1, &bytes_,
                       outputs)) {
      continue;
    }
    ++counts.moments[kind];
    if (!rows_.Writes(RowKind::kMoment)) continue;
    RowIdentity identity = IdentityOf(customer, key, rows.first, row.version, false);
    identity.is_deleted = true;
    WriteRow(RowKind::kMoment, identity, outputs, [&](journey::RecordBytes& columns) {
      FillMomentRow(moment_, nullptr, journey::HexDigits(rows.id).view(), policy_, columns);
    });
  }
  WithdrawBundle(customer, rows, outputs);
  if (rows.journey.version == 0) return;
  journey_.Clear();
  const std::string key = journey::ToHex(rows.id);
  journey_.set_journey_id(key);
  journey_.set_tenant_id(std::string(customer.tenant_id()));
  journey_.set_customer_id(std::string(customer.customer_id()));
  journey_.set_is_deleted(true);
  journey_.set_merged_into(std::string(context.merged_into));
  for (const JourneySpan& span : spans) {
    if (span.first <= rows.first && rows.first <= span.last) {
      journey_.set_superseded_by(journey::ToHex(IdOf(customer, span)));
    }
  }
  WriteRevision(journey_, journey_head_, key, Topic::kJourneys, cause_.source, rows.journey, 1,
                &bytes_, outputs);
  ++counts.journey_revisions;
  if (!rows_.Writes(RowKind::kJourney)) return;
  RowIdentity identity = IdentityOf(customer, key, rows.first, rows.journey.version, false);
  identity.is_deleted = true;
  WriteRow(RowKind::kJourney, identity, outputs,
           [&](journey::RecordBytes& row) { FillJourneyRow(journey_, nullptr, row); });
}

bool Step::MayComeBack(const CustomerState& customer, const PublishedRows& rows) {
  const bool written = rows.journey.version > 0 || rows.bundle.version > 0 ||
                       rows.card_withdrawn_version > 0 ||
                       std::any_of(rows.moments.begin(), rows.moments.end(),
                                   [](const RowVersion& row) { return row.version > 0; });
  return written && (rows.withdrawn || customer.linked());
}

int64_t Step::RememberedMs() const {
  const journey::Windows& windows = policy_.windows;
  return windows.journey_max_ms + std::max(windows.amend_window_ms, windows.repeat_window_ms) +
         windows.allowed_lateness_ms;
}

int64_t Step::MayComeBackUntilMs(const PublishedRows& rows) const {
  return rows.first.at_ms + std::max(RememberedMs(), LatestVersion(rows));
}

int64_t Step::FirstVersion(const CustomerState& customer, const PublishedRows& rows,
                           int64_t watermark_ms) const {
  const int64_t age_ms = watermark_ms - rows.first.at_ms;
  return customer.linked() && age_ms > RememberedMs() ? age_ms + 1 : 1;
}

void Step::ForgetWithdrawn(OpenCustomer& open) {
  const auto withdrawn = [](const PublishedRows& rows) { return rows.withdrawn; };
  auto count = std::count_if(open.rows.begin(), open.rows.end(), withdrawn);
  for (; count > static_cast<ptrdiff_t>(OpenCustomer::kMostWithdrawn); --count) {
    const auto later = [](const PublishedRows& a, const PublishedRows& b) {
      return a.withdrawn && (!b.withdrawn || a.first < b.first);
    };
    open.rows.erase(std::min_element(open.rows.begin(), open.rows.end(), later));
  }
}

}  // namespace peakend::publish
