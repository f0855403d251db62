// A customer's own part on its way: to a host, and back.
#include <algorithm>
#include <utility>

#include "processors/journey/contact_pieces.h"
#include "processors/journey/memory_join.h"
#include "processors/publish/customer_ids.h"
#include "processors/publish/customer_journeys.h"
#include "processors/publish/step.h"

namespace peakend::publish {
namespace {

using journey::Contact;
using journey::ContactParts;
using journey::ContactSet;
using journey::JourneySpan;
using journey::PartitionClock;

// Alerts behind the contacts that they are about.
std::vector<v1::Part> CutPart(const ContactSet& contacts, const alerts::AlertBook& alerts,
                              const alerts::Rules& rules) {
  // Of an alert: its tag and length.
  constexpr size_t kOverhead = 8;
  std::vector<v1::Part> parts;
  for (v1::CustomerState::Contacts& piece :
       journey::CutIntoPieces(contacts, journey::kMostPieceBytes)) {
    parts.emplace_back().mutable_contacts()->Swap(&piece);
  }
  journey::RecordBytes saved;
  alerts.Save(rules, v1::CustomerState::Open::kAlertsFieldNumber, saved);
  v1::CustomerState::Open records;
  saved.ReadInto(&records);
  size_t bytes = parts.back().ByteSizeLong();
  for (v1::CustomerState::Alert& record : *records.mutable_alerts()) {
    const size_t more = record.ByteSizeLong() + kOverhead;
    if (bytes + more > journey::kMostPieceBytes) {
      parts.emplace_back();
      bytes = 0;
    }
    bytes += more;
    parts.back().add_alerts()->Swap(&record);
  }
  return parts;
}

// As many events as before may be others: whatever was written is looked at again.
void ForgetFacts(OpenCustomer& open) {
  for (PublishedRows& rows : open.rows) rows.fact_digest = 0;
}

}  // namespace

std::vector<v1::Part> Step::Leave(CustomerState& customer, std::string_view host,
                                  const StepContext& context, OutputBatch& outputs,
                                  StepCounts& counts) {
  Begin(context, Amendment::kIdentity);
  OpenCustomer& open = packer_.Unpack(customer);
  // What no part knows any more is the customer's own as well.
  const alerts::AlertBook alerts = open.alerts.Take(
      [&](const alerts::Alert& alert) { return open.parts.OriginOf(alert.raised.hash).empty(); });
  std::vector<v1::Part> parts =
      CutPart(open.parts.Leave({}, policy_.windows), alerts, policy_.rules);
  if (!customer.memory.empty()) {
    journey::RecordBytes memory;
    Save(customer.memory, memory);
    memory.ReadInto(parts.front().mutable_memory());
  }
  if (customer.last_event_ms != PartitionClock::kUnset) {
    parts.front().set_last_event_ms(customer.last_event_ms);
  }
  customer.identity()->host_id = host;
  ++counts.identities.merged;
  ForgetFacts(open);
  StepContext leaving = context;
  leaving.merged_into = host;
  Settle(customer, leaving, outputs, counts);
  Rest(customer, context.watermark_ms);
  return parts;
}

void Step::Welcome(CustomerState& host, std::string_view origin, const v1::Part& part,
                   const StepContext& context, OutputBatch& outputs, StepCounts& counts) {
  Begin(context, Amendment::kIdentity);
  if (host.Forgotten(context.watermark_ms, policy_.windows)) host.Forget();
  OpenCustomer& open = packer_.Unpack(host);
  // Who hands over has been at home since they left.
  open.parts.Close(origin);
  const ContactSet piece = TakePart(host, origin, part, counts);
  if (ComesTooLate(host, piece, context)) ++counts.identities.late_parts;
  const alerts::AlertBook arrived(part.alerts(), policy_.rules, open.parts.memory());
  open.alerts.Add(arrived);
  const auto moved = [&](const alerts::Alert& alert) { return arrived.Find(alert.id) != nullptr; };
  Repoint(host, alerts::Reason::kMerged, moved, context, outputs, counts);
  WriteCards(host, piece, context, outputs, counts);
  Settle(host, context, outputs, counts);
  Rest(host, context.watermark_ms);
}

std::vector<v1::Part> Step::GiveBack(CustomerState& host, std::string_view origin,
                                     const StepContext& context, OutputBatch& outputs,
                                     StepCounts& counts) {
  Begin(context, Amendment::kIdentity);
  OpenCustomer& open = packer_.Unpack(host);
  const ContactSet* part = open.parts.part(origin);
  const alerts::AlertBook alerts = open.alerts.Take(
      [&](const alerts::Alert& alert) { return part != nullptr && part->Seen(alert.raised.hash); });
  std::vector<v1::Part> parts =
      CutPart(open.parts.Leave(origin, policy_.windows), alerts, policy_.rules);
  parts.back().set_last(true);
  ForgetFacts(open);
  Settle(host, context, outputs, counts);
  Rest(host, context.watermark_ms);
  return parts;
}

void Step::TakeBack(CustomerState& customer, const v1::Part& part, const StepContext& context,
                    OutputBatch& outputs, StepCounts& counts) {
  Begin(context, Amendment::kIdentity);
  OpenCustomer& open = packer_.Unpack(customer);
  TakePart(customer, {}, part, counts);
  open.alerts.Add(alerts::AlertBook(part.alerts(), policy_.rules, open.parts.memory()));
  if (part.last()) {
    ++counts.identities.split;
    customer.identity()->host_id.clear();
    customer.identity()->recalled = false;
    // Who is away has no alerts but those of guests, until some come back.
    const auto moved = [&](const alerts::Alert& alert) {
      return open.parts.OriginOf(alert.raised.hash).empty();
    };
    Repoint(customer, alerts::Reason::kSplit, moved, context, outputs, counts);
    WriteCards(customer, *open.parts.part({}), context, outputs, counts);
    Settle(customer, context, outputs, counts);
  }
  Rest(customer, context.watermark_ms);
}

void Step::CloseGuest(CustomerState& host, std::string_view origin, const StepContext& context,
                      OutputBatch& outputs, StepCounts& counts) {
  if (host.idle()) return;
  Begin(context, Amendment::kIdentity);
  packer_.Unpack(host).parts.Close(origin);
  Settle(host, context, outputs, counts);
  Rest(host, context.watermark_ms);
}

bool Step::HasLeft(CustomerState& host, std::string_view origin, int64_t watermark_ms) {
  if (host.idle()) return false;
  const bool left = packer_.Unpack(host).parts.StayOf(origin) == ContactParts::Stay::kLeft;
  Rest(host, watermark_ms);
  return left;
}

ContactSet Step::TakePart(CustomerState& customer, std::string_view origin, const v1::Part& part,
                          StepCounts& counts) {
  OpenCustomer& open = *customer.open();
  ContactSet piece(part.contacts(), open.parts.memory());
  const int64_t absorbed_before = open.parts.absorbed();
  open.parts.Join(origin, piece, policy_.windows);
  counts.identities.absorbed += open.parts.absorbed() - absorbed_before;
  if (part.has_memory()) {
    customer.memory =
        journey::Join(customer.memory, journey::FromRecord(part.memory()),
                      {policy_.model.half_lives.worst_ms, policy_.model.half_lives.best_ms});
  }
  if (part.has_last_event_ms()) {
    customer.last_event_ms = std::max(customer.last_event_ms, part.last_event_ms());
  }
  return piece;
}

bool Step::ComesTooLate(const CustomerState& customer, const ContactSet& arrived,
                        const StepContext& context) const {
  const OpenCustomer& open = *customer.open();
  const journey::JourneySpans spans = JourneysOf(customer, policy_);
  return std::any_of(spans.begin(), spans.end(), [&](const JourneySpan& span) {
    if (KeptUntilMs(open, span) >= context.watermark_ms) return false;
    return std::any_of(arrived.contacts().begin(), arrived.contacts().end(),
                       [&](const Contact& contact) {
                         const size_t index = open.parts.IndexOf(contact.first());
                         return span.begin <= index && index < span.end;
                       });
  });
}

void Step::Repoint(CustomerState& customer, alerts::Reason reason,
                   absl::FunctionRef<bool(const alerts::Alert&)> moved, const StepContext& context,
                   OutputBatch& outputs, StepCounts& counts) {
  OpenCustomer& open = *customer.open();
  if (open.alerts.empty()) return;
  for (const JourneySpan& span : JourneysOf(customer, policy_)) {
    const alerts::Transitions transitions =
        open.alerts.Repoint(reason, moved, open.contacts(), span);
    if (!transitions.empty()) WriteAlerts(customer, span, transitions, context, outputs, counts);
  }
}

void Step::WriteCards(CustomerState& customer, const ContactSet& arrived,
                      const StepContext& context, OutputBatch& outputs, StepCounts& counts) {
  for (const Contact& contact : arrived.contacts()) {
    OpenCustomer& open = *customer.open();
    const size_t index = open.parts.IndexOf(contact.first());
    if (index == open.contacts().contacts().size()) continue;
    const Contact& whole = open.contacts().contacts()[index];
    const journey::Identifier id = IdOf(customer, whole);
    const auto known = std::find_if(open.rows.begin(), open.rows.end(),
                                    [&](const PublishedRows& rows) { return rows.id == id; });
    // One that had a card and is over gets none again.
    const bool new_here = known == open.rows.end() || known->card_withdrawn_version > 0;
    if (new_here) WriteCard(customer, index, context, outputs, counts);
  }
}

}  // namespace peakend::publish
