// The customers of one input partition.
//
// An index of slots by 64-bit key hash over a dense slab, which holds the hashes: a tenth of
// the memory of a map of strings, and growing moves 4 bytes per customer instead of all of
// its state. Keys are compared in full; customers whose hashes collide are chained.
//
// Thread-safety: none. A CustomerState stays where it is until it is erased.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CUSTOMER_TABLE_H_
#define PEAKEND_PROCESSORS_RUNTIME_CUSTOMER_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "processors/publish/customer_state.h"

namespace peakend::runtime {

class CustomerTable {
 public:
  // Slots are numbered from 0 and reused after Erase.
  using Slot = uint32_t;

  CustomerTable() = default;
  // The index looks up the slab.
  CustomerTable(const CustomerTable&) = delete;
  CustomerTable& operator=(const CustomerTable&) = delete;

  // The slot of the customer, created when there is none. `hash` is the hash of
  // tenant + "/" + customer.
  Slot FindOrCreate(uint64_t hash, std::string_view tenant_id, std::string_view customer_id);
  // As above without creating.
  std::optional<Slot> Find(uint64_t hash, std::string_view tenant_id,
                           std::string_view customer_id) const;
  // As above by the key alone, tenant + "/" + customer.
  std::optional<Slot> FindKey(uint64_t hash, std::string_view key) const;
  // Brings what Find reads first near the processor.
  void Prefetch(uint64_t hash) const { index_.prefetch(KeyHash{hash}); }

  // REQUIRES for all below: the slot is in use, except for Holds.
  publish::CustomerState& operator[](Slot slot) { return At(slot).state; }
  uint64_t hash(Slot slot) const { return At(slot).hash; }
  // Sum mod 2^64 of the hashes of all outputs of the customer.
  uint64_t& digest(Slot slot) { return At(slot).digest; }
  // Changed since its record was last written.
  bool& dirty(Slot slot) { return At(slot).dirty; }
  // A stub: forgotten, but its digest still counts.
  bool& gone(Slot slot) { return At(slot).gone; }
  bool Holds(Slot slot, uint64_t hash) const {
    return slot < used_ && !At(slot).state.vacant() && At(slot).hash == hash;
  }
  void Erase(Slot slot);
  // All slots in use are below this one; `vacant` may be asked of any below it.
  Slot end() const { return used_; }
  bool vacant(Slot slot) const { return At(slot).state.vacant(); }
  // Puts a restored state in the place of an equally named one.
  void Replace(Slot slot, publish::CustomerState state) { At(slot).state = std::move(state); }
  // Calls `visit` with the slot of each customer, in no order that means anything;
  // it may erase that one.
  template <typename Visit>
  void ForEach(Visit visit) {
    for (Slot slot = 0; slot < used_; ++slot) {
      if (!At(slot).state.vacant()) visit(slot);
    }
  }

  size_t size() const { return size_; }
  // Memory of index, slab and keys; open state is counted by its own memory.
  size_t bytes() const;

 private:
  static constexpr Slot kNone = UINT32_MAX;
  static constexpr size_t kChunk = 1024;

  struct Entry {
    publish::CustomerState state;
    uint64_t hash = 0;
    uint64_t digest = 0;
    Slot next = kNone;  // same hash, or the next free slot
    bool dirty = false;
    bool gone = false;
  };
  struct KeyHash {
    uint64_t value = 0;
  };
  // The hashes are already mixed.
  struct HashOf {
    using is_transparent = void;
    size_t operator()(KeyHash hash) const { return hash.value; }
    size_t operator()(Slot slot) const { return table->hash(slot); }
    const CustomerTable* table;
  };
  struct SameHash {
    using is_transparent = void;
    bool operator()(Slot a, Slot b) const { return table->hash(a) == table->hash(b); }
    bool operator()(Slot slot, KeyHash hash) const { return table->hash(slot) == hash.value; }
    bool operator()(KeyHash hash, Slot slot) const { return table->hash(slot) == hash.value; }
    const CustomerTable* table;
  };

  Entry& At(Slot slot) { return (*chunks_[slot / kChunk])[slot % kChunk]; }
  const Entry& At(Slot slot) const { return (*chunks_[slot / kChunk])[slot % kChunk]; }
  Slot Take();
  // First slot of the chain at `first` that holds this customer, or kNone.
  Slot Walk(Slot first, std::string_view tenant_id, std::string_view customer_id) const;

  // The first slot of each chain.
  absl::flat_hash_set<Slot, HashOf, SameHash> index_{0, HashOf{this}, SameHash{this}};
  std::vector<std::unique_ptr<std::array<Entry, kChunk>>> chunks_;
  Slot used_ = 0;
  Slot free_ = kNone;
  size_t size_ = 0;
  size_t key_bytes_ = 0;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CUSTOMER_TABLE_H_
