// Rows for warehouses that have no nested record: contacts, legs, touchpoints, promises, surveys.
//
// Those of one contact, and the promises of one journey, have one version together, which rises
// when what they follow from changes, whether they are written or not: so it does not depend on
// the configuration, and of each kind it is enough to know how many there were.
#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "absl/strings/str_cat.h"
#include "processors/publish/customer_ids.h"
#include "processors/publish/rows/contact_row.h"
#include "processors/publish/rows/promise_row.h"
#include "processors/publish/rows/survey_row.h"
#include "processors/publish/rows/touchpoint_row.h"
#include "processors/publish/step.h"

namespace peakend::publish {
namespace {

using journey::Cause;
using journey::Contact;
using journey::RecordBytes;

bool IsOfPromise(Cause cause) {
  return cause == Cause::kPromiseKept || cause == Cause::kPromiseBroken;
}

uint64_t Bit(Cause cause) { return uint64_t{1} << static_cast<int>(cause); }

// Of a cause there is one impression in a contact, but one for each of its promises.
std::string TouchpointId(const journey::Identifier& contact, Cause cause) {
  std::string id(journey::HexDigits(contact).view());
  return id.append(":").append(journey::CauseName(cause));
}

std::string PromiseId(const journey::Identifier& id, uint32_t number) {
  return absl::StrCat(journey::ToHex(id), ":promise:", number);
}

journey::Identifier TurnKey(const CustomerState& customer, uint64_t event_hash) {
  std::array<char, 20> digits;
  const char* const end = std::to_chars(digits.begin(), digits.end(), event_hash).ptr;
  return journey::MakeIdentifier(
      {"turn", customer.tenant_id(), customer.customer_id(), std::string_view(digits.data(), end)});
}

}  // namespace

RowIdentity Step::IdentityOf(const CustomerState& customer, std::string_view key,
                             const journey::EventTime& first, int64_t version, bool is_new) const {
  return {customer.tenant_id(), customer.customer_id(), key, first.at_ms, version, is_new};
}

void Step::DeleteRow(RowKind kind, RowIdentity identity, OutputBatch& outputs) {
  identity.is_deleted = true;
  WriteRow(kind, identity, outputs, [](RecordBytes&) {});
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
    const std::string key = ContactRowId(rows.id, leg_no);
    const RowIdentity identity =
        IdentityOf(assessed.customer, key, rows.first, rows.bundle.version, is_new);
    if (leg_no > rows.bundle.legs) {
      DeleteRow(RowKind::kContact, identity, outputs);
      continue;
    }
    WriteRow(RowKind::kContact, identity, outputs, [&](RecordBytes& row) {
      if (leg_no == 0) {
        FillContactRow(assessed, row);
      } else {
        FillLegRow(assessed, leg_no, row);
      }
    });
  }
}

void Step::WriteTouchpoints(const Assessed& assessed, const PublishedRows& rows,
                            const BundleVersion& before, OutputBatch& outputs) {
  if (!rows_.Writes(RowKind::kTouchpoint)) return;
  const auto write = [&](const moments::ServiceImpression& made, std::string_view id, bool is_new) {
    WriteRow(RowKind::kTouchpoint,
             IdentityOf(assessed.customer, id, rows.first, rows.bundle.version, is_new), outputs,
             [&](RecordBytes& row) { FillTouchpointRow(assessed, made, row); });
  };
  uint32_t promises = 0;
  for (const moments::ServiceImpression& made : assessed.parts.service.front()) {
    const Cause cause = made.impression.cause;
    if (IsOfPromise(cause)) {
      ++promises;
      write(made, PromiseId(rows.id, promises), promises > before.promises);
    } else {
      write(made, TouchpointId(rows.id, cause), (before.causes & Bit(cause)) == 0);
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
  const auto erase = [&](std::string_view id) {
    DeleteRow(RowKind::kTouchpoint,
              IdentityOf(customer, id, rows.first, rows.bundle.version, false), outputs);
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
      const std::string key = PromiseId(rows.id, number);
      WriteRow(RowKind::kPromise,
               IdentityOf(assessed.customer, key, rows.first, rows.bundle.version,
                          number > before.promises),
               outputs, [&](RecordBytes& row) {
                 FillPromiseRow(promise, *outcome, story.journey[i], rows.id, row);
               });
    }
  }
  DeletePromises(assessed.customer, rows, before.promises, made, outputs);
}

void Step::DeletePromises(const CustomerState& customer, const PublishedRows& rows, uint32_t before,
                          uint32_t left, OutputBatch& outputs) {
  if (!rows_.Writes(RowKind::kPromise)) return;
  for (uint32_t number = left + 1; number <= before; ++number) {
    const std::string key = PromiseId(rows.id, number);
    DeleteRow(RowKind::kPromise, IdentityOf(customer, key, rows.first, rows.bundle.version, false),
              outputs);
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
    const std::string key = ContactRowId(rows.id, leg_no);
    DeleteRow(RowKind::kContact, IdentityOf(customer, key, rows.first, rows.bundle.version, false),
              outputs);
  }
}

void Step::WriteTurn(const CustomerState& customer, const journey::JourneySpan& span,
                     const Contact& contact, const journey::EventFacts& facts,
                     OutputBatch& outputs) {
  if (!rows_.Writes(RowKind::kTouchpoint)) return;
  const journey::HexDigits key(TurnKey(customer, facts.hash));
  WriteRow(RowKind::kTouchpoint, IdentityOf(customer, key.view(), {facts.at_ms, 0}, 1, true),
           outputs, [&](RecordBytes& row) {
             FillTouchpointRow(
                 facts, {contact, IdOf(customer, contact), IdOf(customer, span), policy_}, row);
           });
}

void Step::WriteSurvey(const ingest::EventView& event, const StepContext& context,
                       OutputBatch& outputs) {
  if (!rows_.Writes(RowKind::kSurvey)) return;
  Begin(context, Amendment::kSurvey);
  const journey::HexDigits key(SurveyKey(event));
  WriteRow(RowKind::kSurvey,
           {event.tenant_id, event.customer_id, key.view(), event.occurred_at_ms, 1, true}, outputs,
           [&](RecordBytes& row) { FillSurveyRow(event, row); });
}

}  // namespace peakend::publish
