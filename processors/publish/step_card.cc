// The opening card of a contact: written as it begins, withdrawn when it is over.
#include <algorithm>
#include <string>

#include "processors/publish/customer_ids.h"
#include "processors/publish/customer_journeys.h"
#include "processors/publish/opening_card.h"
#include "processors/publish/revision.h"
#include "processors/publish/step.h"

namespace peakend::publish {

void Step::WriteCard(CustomerState& customer, size_t index, const StepContext& context,
                     OutputBatch& outputs, StepCounts& counts) {
  OpenCustomer& open = *customer.open();
  const journey::Contact& contact = open.contacts().contacts()[index];
  const bool stranger = customer.memory.empty() && index == 0;
  if (policy_.openings.empty() || (stranger && !contact.notice())) return;
  // One that is found to have been over long ago needs no hello.
  if (contact.EndsAtMs(policy_.windows) < context.watermark_ms) return;
  if (!FillOpeningCard(customer, policy_, JourneysOf(customer, policy_), index, &card_)) return;
  PublishedRows& rows = open.RowsOf(IdOf(customer, contact), contact.first());
  const int64_t before = std::max(rows.card_version, rows.card_withdrawn_version);
  rows.card_version = before > 0 ? before + 1 : FirstVersion(customer, rows, context.watermark_ms);
  rows.card_withdrawn_version = 0;
  card_.set_row_version(rows.card_version);
  *card_.mutable_source() = cause_.source;
  bytes_.clear();
  AppendBytes(card_, &bytes_);
  outputs.Append(Topic::kCards, context.partition, card_.card_id(), bytes_);
  ++counts.opening_cards;
}

void Step::WithdrawCard(const CustomerState& customer, PublishedRows& rows, OutputBatch& outputs) {
  if (rows.card_version == 0) return;
  card_.Clear();
  card_.set_card_id(journey::ToHex(rows.id));
  card_.set_row_version(rows.card_version + 1);
  card_.set_is_deleted(true);
  card_.set_tenant_id(std::string(customer.tenant_id()));
  card_.set_customer_id(std::string(customer.customer_id()));
  card_.set_policy_version(policy_.stamp);
  *card_.mutable_source() = cause_.source;
  bytes_.clear();
  AppendBytes(card_, &bytes_);
  outputs.Append(Topic::kCards, cause_.source.partition(), card_.card_id(), bytes_);
  // It may come back where the contact may: also of who is linked only after this.
  const bool may_come_back = policy_.identities.has_value() || customer.linked();
  if (may_come_back) rows.card_withdrawn_version = rows.card_version + 1;
  rows.card_version = 0;
}

}  // namespace peakend::publish
