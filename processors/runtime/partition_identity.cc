// What a partition does for customers who may be linked; the protocol stands in
// docs/identity.md.
//
// Only records of the log set it off, never time, and none of its records moves the clock.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/journey/identifier.h"
#include "processors/journey/identity_key.h"
#include "processors/journey/memory.h"
#include "processors/publish/identity_records.h"
#include "processors/runtime/mutation.h"
#include "processors/runtime/partition.h"

namespace peakend::runtime {

using publish::CustomerState;

namespace {

// For a mutation only. REQUIRES: the customer has left, and is at rest if there were rows.
[[maybe_unused]] void LoseWithdrawnRows(CustomerState& customer, publish::CustomerMemory memory) {
  if (customer.packed() == nullptr) return;
  const std::string bytes(customer.packed()->bytes);
  const publish::Schedule schedule = customer.packed()->schedule;
  v1::CustomerState::Open open;
  open.ParseFromString(bytes);
  auto& rows = *open.mutable_rows();
  rows.erase(
      std::remove_if(rows.begin(), rows.end(), [](const auto& of) { return of.withdrawn(); }),
      rows.end());
  customer.Pack(open.SerializeAsString(), schedule, memory.packed);
}

}  // namespace

publish::IdentitySender Partition::SenderOf(const CustomerState& customer) const {
  return {id_, partitions_, customer.tenant_id(), customer.customer_id()};
}

publish::CustomerIdentity& Partition::Speak(CustomerState& customer) {
  if (customer.Forgotten(watermark_ms(), policy().windows)) customer.Forget();
  publish::CustomerIdentity& identity = customer.Identify(memory_.customers().open);
  identity.heard_ms = std::max(identity.heard_ms, clock_.now_ms());
  return identity;
}

void Partition::SayIdentities(const InputRecord& record, const ingest::EventView& event,
                              publish::OutputBatch& outputs) {
  const std::vector<std::string> homes = publish::HomesOf(event.identities, *policy().identities);
  if (homes.empty()) return;
  const CustomerTable::Slot slot =
      customers_.FindOrCreate(journey::Hash64(record.key), event.tenant_id, event.customer_id);
  if (Holds(slot, record.offset)) return;
  customers_.gone(slot) = false;
  const size_t begin = outputs.size();
  CustomerState& customer = customers_[slot];
  journey::IdentityLinks& links = Speak(customer).links;
  for (const std::string& home : homes) {
    publish::AppendLabels(SenderOf(customer),
                          links.Say(customer.customer_id(), home,
                                    journey::MinuteOf(clock_.now_ms()), policy().identities->rules),
                          outputs);
  }
  Move(customer, record.offset, outputs);
  Account(slot, record.offset, outputs, begin);
  Schedule(slot);
}

void Partition::Move(CustomerState& customer, int64_t offset, publish::OutputBatch& outputs) {
  publish::CustomerIdentity& identity = *customer.identity();
  const journey::Label& label = identity.links.label();
  const std::string target(label.empty() ? customer.customer_id() : std::string_view(label.key));
  v1::IdentityRecord record;
  if (!identity.away() && target != customer.customer_id()) {
    for (v1::Part& part : step_->Leave(customer, target, ContextOf(offset), outputs, counts_)) {
      record.mutable_hand_over()->Swap(&part);
      publish::AppendIdentity(SenderOf(customer), target, record, outputs);
    }
    if (Mutated(Mutation::kRowVersionLost)) LoseWithdrawnRows(customer, memory_.customers());
  } else if (identity.away() && !identity.recalled &&
             target != std::string_view(identity.host_id)) {
    identity.recalled = true;
    record.mutable_recall();
    publish::AppendIdentity(SenderOf(customer), identity.host_id, std::move(record), outputs);
  }
}

std::optional<CustomerTable::Slot> Partition::WhoIsAway(const Whose& whose) {
  const auto slot = customers_.Find(whose.hash, whose.tenant_id, whose.customer_id);
  if (!slot || !customers_[*slot].away()) return std::nullopt;
  if (Mutated(Mutation::kKeepLocal) && customers_[*slot].identity()->recalled) return std::nullopt;
  if (customers_[*slot].Forgotten(watermark_ms(), policy().windows)) return std::nullopt;
  return slot;
}

Outcome Partition::Forward(CustomerTable::Slot slot, const InputRecord& record, int64_t at_ms,
                           bool late, publish::OutputBatch& outputs) {
  if (Holds(slot, record.offset)) return Outcome::kIdentity;
  CustomerState& customer = customers_[slot];
  const size_t begin = outputs.size();
  publish::AppendForwarded(SenderOf(customer), customer.identity()->host_id, record.value, late,
                           outputs);
  customer.last_event_ms = std::max(customer.last_event_ms, at_ms);
  Account(slot, record.offset, outputs, begin);
  return Outcome::kIdentity;
}

Outcome Partition::TakeIdentity(const InputRecord& record, const ingest::EventView& event,
                                ingest::Decoder& decoder, publish::OutputBatch& outputs) {
  const v1::IdentityRecord& said = *event.identity;
  // A kind of a later version is nothing to us.
  const bool unknown = said.kind_case() == v1::IdentityRecord::KIND_NOT_SET;
  if (!policy().identities || unknown) return Outcome::kIdentity;
  const bool to_home = journey::IsHome(event.customer_id);
  // Labels go between customers and homes, all else between customers.
  const bool from_home = journey::IsHome(said.from());
  if (said.has_label() ? to_home == from_home : to_home || from_home) {
    return Reject(record, {v1::OUT_OF_RANGE, "control.identity.from"}, outputs);
  }
  for (const v1::Part* part : {&said.hand_over(), &said.hand_back()}) {
    if (!publish::CheckPart(*part).ok()) {
      return Reject(record, {v1::OUT_OF_RANGE, "control.identity.part"}, outputs);
    }
  }
  const CustomerTable::Slot slot =
      customers_.FindOrCreate(journey::Hash64(record.key), event.tenant_id, event.customer_id);
  if (Holds(slot, record.offset)) return Outcome::kIdentity;
  if (said.has_event()) return TakeForwarded(slot, record, said, decoder, outputs);
  if (said.has_hand_back() && !IsOwed(customers_[slot], said.from())) {
    return Reject(record, {v1::OUT_OF_RANGE, "control.identity.hand_back"}, outputs);
  }
  customers_.gone(slot) = false;
  const size_t begin = outputs.size();
  Hear(customers_[slot], record.offset, said, outputs);
  Account(slot, record.offset, outputs, begin);
  Schedule(slot);
  return Outcome::kIdentity;
}

bool Partition::IsOwed(const CustomerState& customer, std::string_view host) {
  return customer.identity() != nullptr && customer.identity()->recalled &&
         customer.identity()->host_id == host;
}

void Partition::Hear(CustomerState& customer, int64_t offset, const v1::IdentityRecord& said,
                     publish::OutputBatch& outputs) {
  const publish::StepContext context = ContextOf(offset);
  v1::IdentityRecord answer;
  switch (said.kind_case()) {
    case v1::IdentityRecord::kLabel:
      return HearLabel(customer, offset, publish::ReadLabel(said.from(), said.label()), outputs);
    case v1::IdentityRecord::kUnmerge: {
      journey::IdentityLinks& links = Speak(customer).links;
      publish::AppendLabels(SenderOf(customer), links.StandApart(customer.customer_id()), outputs);
      return Move(customer, offset, outputs);
    }
    case v1::IdentityRecord::kHandOver:
      return step_->Welcome(customer, said.from(), said.hand_over(), context, outputs, counts_);
    case v1::IdentityRecord::kRecall:
      for (v1::Part& part : step_->GiveBack(customer, said.from(), context, outputs, counts_)) {
        answer.mutable_hand_back()->Swap(&part);
        publish::AppendIdentity(SenderOf(customer), said.from(), answer, outputs);
      }
      return;
    case v1::IdentityRecord::kHandBack:
      step_->TakeBack(customer, said.hand_back(), context, outputs, counts_);
      if (!said.hand_back().last()) return;
      answer.mutable_closed();
      publish::AppendIdentity(SenderOf(customer), said.from(), std::move(answer), outputs);
      return Move(customer, offset, outputs);
    case v1::IdentityRecord::kClosed:
      return step_->CloseGuest(customer, said.from(), context, outputs, counts_);
    default:
      return;
  }
}

void Partition::HearLabel(CustomerState& customer, int64_t offset,
                          const journey::LabelMessage& heard, publish::OutputBatch& outputs) {
  publish::CustomerIdentity& identity = Speak(customer);
  const std::string_view self = customer.customer_id();
  if (journey::IsHome(self)) {
    if (!identity.home) identity.home.emplace(memory_.customers().open);
    const size_t most = publish::MostCustomersOf(self, *policy().identities);
    const bool shared_before = identity.home->shared();
    publish::AppendLabels(SenderOf(customer), identity.home->Hear(self, heard.to, heard, most),
                          outputs);
    if (identity.home->shared() && !shared_before) ++counts_.identities.shared;
    return;
  }
  publish::AppendLabels(SenderOf(customer),
                        identity.links.Hear(self, heard.to, heard, policy().identities->rules),
                        outputs);
  Move(customer, offset, outputs);
}

Outcome Partition::TakeForwarded(CustomerTable::Slot slot, const InputRecord& record,
                                 const v1::IdentityRecord& said, ingest::Decoder& decoder,
                                 publish::OutputBatch& outputs) {
  CustomerState& customer = customers_[slot];
  // The decoder is about to read the event into the message that holds it.
  const std::string origin = said.from();
  const std::string bytes = said.event().event();
  const bool late = said.event().late();
  const bool own = origin == customer.customer_id();
  const bool left = !own && step_->HasLeft(customer, origin, watermark_ms());
  if (left && !Mutated(Mutation::kNoBounce)) {
    // Where their part is now is for themselves to say.
    customers_.gone(slot) = false;
    const size_t begin = outputs.size();
    publish::IdentitySender sender = SenderOf(customer);
    sender.from = origin;
    ++counts_.identities.bounced;
    publish::AppendForwarded(sender, origin, bytes, late, outputs);
    Account(slot, record.offset, outputs, begin);
    return Outcome::kIdentity;
  }
  const std::string key = absl::StrCat(std::string(customer.tenant_id()), "/", origin);
  InputRecord original = record;
  original.key = key;
  original.value = bytes;
  const ingest::Decoder::Result decoded = decoder.Decode({key, bytes});
  if (decoded.event == nullptr) return Reject(original, decoded.reject, outputs);
  if (decoded.event->payload == v1::InteractionEvent::kControl) {
    return Reject(original, {v1::OUT_OF_RANGE, "control"}, outputs);
  }
  if (Mutated(Mutation::kClockByForwarded)) {
    clock_.Advance(decoded.event->occurred_at_ms, record.timestamp_ms);
  }
  const journey::EventFacts facts = FactsOf(*decoded.event, record.offset);
  if (facts.kind == journey::FactKind::kNone) return Outcome::kOk;
  Whose whose{customers_.hash(slot), customer.tenant_id(), customer.customer_id(), {}};
  if (!own) {
    // The mutation makes them the host's own.
    if (!left) whose.origin = origin;
  } else if (const auto away = WhoIsAway(whose)) {
    return Forward(*away, original, facts.at_ms, late, outputs);
  }
  return TakeFacts(whose, original, facts, late, outputs);
}

}  // namespace peakend::runtime
