// How another policy begins to count in a partition.
#include <algorithm>
#include <tuple>
#include <utility>

#include "processors/runtime/partition.h"

namespace peakend::runtime {

Outcome Partition::TakePolicy(const InputRecord& record, const v1::PolicyRecord& stated,
                              publish::OutputBatch& outputs) {
  const publish::StepContext context = ContextOf(record.offset);
  const absl::StatusOr<bool> another = policies_.Post(stated, record.offset);
  if (!another.ok()) {
    return Reject(record, {v1::INVALID_POLICY, "control.policy.policy"}, outputs);
  }
  if (!*another) return Outcome::kOk;
  const std::unique_ptr<publish::Step> before = std::move(step_);
  UsePolicy();
  LookAtAll(*before, context, outputs);
  // One that waits less for events that are out of order has let time pass.
  FireDue(context, outputs);
  if (!durable_) policies_.Forget(record.offset);
  return Outcome::kOk;
}

void Partition::UsePolicy() {
  step_ = std::make_unique<publish::Step>(policy(), memory_.customers(), &rows_);
  statistics_.Use(policy());
  checkpoint_.Use(policy());
}

void Partition::LookAtAll(publish::Step& before, const publish::StepContext& context,
                          publish::OutputBatch& outputs) {
  std::vector<CustomerTable::Slot> slots;
  customers_.ForEach([&](CustomerTable::Slot slot) {
    if (!customers_[slot].idle() && !Holds(slot, context.offset)) slots.push_back(slot);
  });
  // Who has which slot depends on when the partition was restored.
  std::sort(slots.begin(), slots.end(), [&](CustomerTable::Slot a, CustomerTable::Slot b) {
    return std::make_tuple(customers_.hash(a), customers_[a].key()) <
           std::make_tuple(customers_.hash(b), customers_[b].key());
  });
  for (const CustomerTable::Slot slot : slots) LookAt(slot, before, context, outputs);
}

void Partition::LookAt(CustomerTable::Slot slot, publish::Step& before,
                       const publish::StepContext& context, publish::OutputBatch& outputs) {
  publish::CustomerState& customer = customers_[slot];
  const size_t begin = outputs.size();
  const auto record_of = [&] {
    std::string record;
    if (durable_) checkpoint_.AppendRecord(customers_, slot, context.offset, &record);
    return record;
  };
  before.Retire(customer, policy().rules, context, outputs, counts_);
  const std::string record = record_of();
  step_->Wake(customer, context, outputs, counts_, publish::Amendment::kPolicy);
  // Most are as they were: writing them all would take longer than looking at them.
  if (outputs.size() > begin || record_of() != record) {
    Account(slot, context.offset, outputs, begin);
  }
  Schedule(slot);
}

}  // namespace peakend::runtime
