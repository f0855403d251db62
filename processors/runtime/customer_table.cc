#include "processors/runtime/customer_table.h"

namespace peakend::runtime {

CustomerTable::Slot CustomerTable::Walk(Slot first, std::string_view tenant_id,
                                        std::string_view customer_id) const {
  for (Slot slot = first; slot != kNone; slot = At(slot).next) {
    const publish::CustomerState& state = At(slot).state;
    if (state.customer_id() == customer_id && state.tenant_id() == tenant_id) return slot;
  }
  return kNone;
}

std::optional<CustomerTable::Slot> CustomerTable::Find(uint64_t hash, std::string_view tenant_id,
                                                       std::string_view customer_id) const {
  const auto it = index_.find(KeyHash{hash});
  if (it == index_.end()) return std::nullopt;
  const Slot slot = Walk(*it, tenant_id, customer_id);
  if (slot == kNone) return std::nullopt;
  return slot;
}

std::optional<CustomerTable::Slot> CustomerTable::FindKey(uint64_t hash,
                                                          std::string_view key) const {
  const auto it = index_.find(KeyHash{hash});
  if (it == index_.end()) return std::nullopt;
  for (Slot slot = *it; slot != kNone; slot = At(slot).next) {
    if (At(slot).state.key() == key) return slot;
  }
  return std::nullopt;
}

CustomerTable::Slot CustomerTable::FindOrCreate(uint64_t hash, std::string_view tenant_id,
                                                std::string_view customer_id) {
  const auto it = index_.find(KeyHash{hash});
  if (it != index_.end()) {
    if (const Slot slot = Walk(*it, tenant_id, customer_id); slot != kNone) return slot;
  }
  const Slot slot = Take();
  Entry& entry = At(slot);
  entry = {publish::CustomerState(tenant_id, customer_id), hash};
  if (it == index_.end()) {
    index_.insert(slot);
  } else {
    // Behind the first, which the index names.
    entry.next = std::exchange(At(*it).next, slot);
  }
  ++size_;
  key_bytes_ += entry.state.key().size();
  return slot;
}

CustomerTable::Slot CustomerTable::Take() {
  if (free_ != kNone) {
    const Slot slot = free_;
    free_ = At(slot).next;
    return slot;
  }
  if (used_ == chunks_.size() * kChunk) {
    chunks_.push_back(std::make_unique<std::array<Entry, kChunk>>());
  }
  return used_++;
}

void CustomerTable::Erase(Slot slot) {
  Entry& entry = At(slot);
  const auto it = index_.find(KeyHash{entry.hash});
  if (*it == slot) {
    const Slot next = entry.next;
    index_.erase(it);
    if (next != kNone) index_.insert(next);
  } else {
    Slot before = *it;
    while (At(before).next != slot) before = At(before).next;
    At(before).next = entry.next;
  }
  key_bytes_ -= entry.state.key().size();
  entry.state = publish::CustomerState();
  entry.next = free_;
  free_ = slot;
  --size_;
}

size_t CustomerTable::bytes() const {
  constexpr size_t kIndexEntry = sizeof(Slot) + 1;
  return index_.capacity() * kIndexEntry + chunks_.size() * sizeof(std::array<Entry, kChunk>) +
         key_bytes_;
}

}  // namespace peakend::runtime
