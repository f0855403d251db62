// Rows for warehouses that have no nested record: contacts, legs, touchpoints, promises, surveys.
//
// Those of one contact, and the promises of one journey, have one version together, which rises
// when what they follow from changes, whether they are written or not: so it does not depend on
// the configuration, and of each kind it is enough to know how many there were.
#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "processors/publish/customer_ids.h"
#include "processors/publish/evidence.h"
#include "processors/publish/rows/contact_row.h"
#include "processors/publish/rows/promise_row.h"
#include "processors/publish/rows/survey_row.h"
#include "processors/publish/rows/touchpoint_row.h"
#include "processors/publish/step.h"

namespace peakend::publish {
namespace {

using journey::Cause;
using journey::Contact;

bool IsOfPromise(Cause cause) {
  return cause == Cause::kPromiseKept || cause == Cause::kPromiseBroken;
}

uint64_t Bit(Cause cause) { return uint64_t{1} << static_cast<int>(cause); }

// Of a cause there is one impression in a contact, but one for each of its promises.
std::string TouchpointId(const journey::Identifier& contact, Cause cause) {
  return absl::StrCat(journey::ToHex(contact), ":", Text(journey::CauseName(cause)));
}

std::string PromiseId(const journey::Identifier& id, uint32_t number) {
  return absl::StrCat(journey::ToHex(id), ":promise:", number);
}

// `Row` has no more to say than which one it is.
template <typename Row>
void Clear(Row& row, void (Row::*set_key)(std::string&&), std::string key) {
  row.Clear();
  (row.*set_key)(std::move(key));
}

}  // namespace

RowIdentity Step::IdentityOf(const CustomerState& customer, std::string_view key,
                             const journey::EventTime& first, int64_t version, bool is_new) const {
  return {customer.tenant_id(), customer.customer_id(), key, first.at_ms, version, is_new};
}

void Step::WriteContactBundle(const Assessed& assessed, PublishedRows& rows,
                              const StepContext& context, OutputBatch& outputs) {
  const BundleVersion before = rows.bundle;
  rows.bundle = {before.version > 0 ? before.version + 1
                                    : FirstVersion(assessed.customer, rows, context.watermark_ms)};
  const Contact& contact = assessed.contacts.front();
  rows.bundle.legs = static_cast<uint32_t>(contact.legs().all().size());
  for (const moments::ServiceImpression& made : assessed.parts.service.front()) {
    if (IsOfPromise(made.impression.cause)) {
      ++rows.bundle.promises;
    } else {
      rows.bundle.causes |= Bit(made.impression.cause);
    }
  }
  WriteLegs(assessed, rows, before, outputs);
  WriteTouchpoints(assessed, rows, before, outputs);
}

void Step::WriteLegs(const Assessed& assessed, const PublishedRows& rows,
                     const BundleVersion& before, OutputBatch& outputs) {
  if (!rows_.Writes(RowKind::kContact)) return;
  const uint32_t most = std::max(rows.bundle.legs, before.legs);
  for (uint32_t leg_no = 0; leg_no <= most; ++leg_no) {
    const bool is_new = before.version == 0 || leg_no > before.legs;
    RowIdentity identity =
        IdentityOf(assessed.customer, {}, rows.first, rows.bundle.version, is_new);
    identity.is_deleted = leg_no > rows.bundle.legs;
    if (identity.is_deleted) {
      Clear(contact_row_, &bi::v1::ContactRow::set_row_id, ContactRowId(rows.id, leg_no));
    } else if (leg_no == 0) {
      FillContactRow(assessed, &contact_row_);
    } else {
      FillLegRow(assessed, leg_no, &contact_row_);
    }
    identity.key = contact_row_.row_id();
    WriteRow(RowKind::kContact, identity, contact_row_, outputs);
  }
}

void Step::WriteTouchpoints(const Assessed& assessed, const PublishedRows& rows,
                            const BundleVersion& before, OutputBatch& outputs) {
  if (!rows_.Writes(RowKind::kTouchpoint)) return;
  const auto write = [&](std::string id, bool is_new) {
    touchpoint_row_.set_touchpoint_row_id(std::move(id));
    WriteRow(RowKind::kTouchpoint,
             IdentityOf(assessed.customer, touchpoint_row_.touchpoint_row_id(), rows.first,
                        rows.bundle.version, is_new),
             touchpoint_row_, outputs);
  };
  uint32_t promises = 0;
  for (const moments::ServiceImpression& made : assessed.parts.service.front()) {
    const Cause cause = made.impression.cause;
    FillTouchpointRow(assessed, made, &touchpoint_row_);
    if (IsOfPromise(cause)) {
      ++promises;
      write(PromiseId(rows.id, promises), promises > before.promises);
    } else {
      write(TouchpointId(rows.id, cause), (before.causes & Bit(cause)) == 0);
    }
  }
  BundleVersion gone = before;
  gone.causes &= ~rows.bundle.causes;
  DeleteTouchpoints(assessed.customer, rows, gone, rows.bundle.promises, outputs);
}

void Step::DeleteTouchpoints(const CustomerState& customer, const PublishedRows& rows,
                             const BundleVersion& gone, uint32_t promises_left,
                             OutputBatch& outputs) {
  if (!rows_.Writes(RowKind::kTouchpoint)) return;
  const auto erase = [&](std::string id) {
    Clear(touchpoint_row_, &bi::v1::TouchpointRow::set_touchpoint_row_id, std::move(id));
    RowIdentity identity = IdentityOf(customer, touchpoint_row_.touchpoint_row_id(), rows.first,
                                      rows.bundle.version, false);
    identity.is_deleted = true;
    WriteRow(RowKind::kTouchpoint, identity, touchpoint_row_, outputs);
  };
  for (int cause = 0; cause < journey::kCauses; ++cause) {
    if ((gone.causes & Bit(static_cast<Cause>(cause))) == 0) continue;
    erase(TouchpointId(rows.id, static_cast<Cause>(cause)));
  }
  for (uint32_t number = promises_left + 1; number <= gone.promises; ++number) {
    erase(PromiseId(rows.id, number));
  }
}

void Step::WritePromiseBundle(const Assessed& assessed, const journey::Story& story,
                              PublishedRows& rows, const StepContext& context,
                              OutputBatch& outputs) {
  const BundleVersion before = rows.bundle;
  const auto made = static_cast<uint32_t>(assessed.parts.promises.made);
  if (before.version == 0 && made == 0) return;
  rows.bundle.version = before.version > 0
                            ? before.version + 1
                            : FirstVersion(assessed.customer, rows, context.watermark_ms);
  rows.bundle.promises = made;
  if (!rows_.Writes(RowKind::kPromise)) return;
  uint32_t number = 0;
  for (size_t i = story.begin; i < story.end; ++i) {
    for (const journey::Promise& promise : story.journey[i].promises().all()) {
      const auto outcome = moments::OutcomeOf(story, i, promise);
      if (!outcome) continue;
      ++number;
      FillPromiseRow(promise, *outcome, story.journey[i], rows.id, &promise_row_);
      promise_row_.set_promise_key(PromiseId(rows.id, number));
      WriteRow(RowKind::kPromise,
               IdentityOf(assessed.customer, promise_row_.promise_key(), rows.first,
                          rows.bundle.version, number > before.promises),
               promise_row_, outputs);
    }
  }
  DeletePromises(assessed.customer, rows, before.promises, made, outputs);
}

void Step::DeletePromises(const CustomerState& customer, const PublishedRows& rows, uint32_t before,
                          uint32_t left, OutputBatch& outputs) {
  if (!rows_.Writes(RowKind::kPromise)) return;
  for (uint32_t number = left + 1; number <= before; ++number) {
    Clear(promise_row_, &bi::v1::PromiseRow::set_promise_key, PromiseId(rows.id, number));
    RowIdentity identity =
        IdentityOf(customer, promise_row_.promise_key(), rows.first, rows.bundle.version, false);
    identity.is_deleted = true;
    WriteRow(RowKind::kPromise, identity, promise_row_, outputs);
  }
}

void Step::WithdrawBundle(const CustomerState& customer, PublishedRows& rows,
                          OutputBatch& outputs) {
  const BundleVersion before = rows.bundle;
  if (before.version == 0) return;
  rows.bundle = {before.version + 1};
  if (rows.journey.version > 0) {
    return DeletePromises(customer, rows, before.promises, 0, outputs);
  }
  DeleteTouchpoints(customer, rows, before, 0, outputs);
  if (!rows_.Writes(RowKind::kContact)) return;
  for (uint32_t leg_no = 0; leg_no <= before.legs; ++leg_no) {
    Clear(contact_row_, &bi::v1::ContactRow::set_row_id, ContactRowId(rows.id, leg_no));
    RowIdentity identity =
        IdentityOf(customer, contact_row_.row_id(), rows.first, rows.bundle.version, false);
    identity.is_deleted = true;
    WriteRow(RowKind::kContact, identity, contact_row_, outputs);
  }
}

void Step::WriteTurn(const CustomerState& customer, const journey::JourneySpan& span,
                     const Contact& contact, const journey::EventFacts& facts,
                     OutputBatch& outputs) {
  if (!rows_.Writes(RowKind::kTouchpoint)) return;
  FillTouchpointRow(facts, {contact, IdOf(customer, contact), IdOf(customer, span)},
                    &touchpoint_row_);
  const std::string hash = absl::StrCat(facts.hash);
  touchpoint_row_.set_touchpoint_row_id(journey::ToHex(
      journey::MakeIdentifier({"turn", customer.tenant_id(), customer.customer_id(), hash})));
  WriteRow(RowKind::kTouchpoint,
           IdentityOf(customer, touchpoint_row_.touchpoint_row_id(), {facts.at_ms, 0}, 1, true),
           touchpoint_row_, outputs);
}

void Step::WriteSurvey(const ingest::EventView& event, const StepContext& context,
                       OutputBatch& outputs) {
  if (!rows_.Writes(RowKind::kSurvey)) return;
  Begin(context, Amendment::kSurvey);
  FillSurveyRow(event, &survey_row_);
  WriteRow(
      RowKind::kSurvey,
      {event.tenant_id, event.customer_id, survey_row_.survey_key(), event.occurred_at_ms, 1, true},
      survey_row_, outputs);
}

}  // namespace peakend::publish
