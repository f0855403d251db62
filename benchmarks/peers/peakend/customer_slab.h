// The customers of one input partition: an index by 64-bit key hash over records that
// lie one behind the other, each with its key behind it. Keys are compared in full.
//
// Thread-safety: none. A Customer stays where it is; none is ever removed.
#ifndef PEAKEND_BENCHMARKS_PEERS_PEAKEND_CUSTOMER_SLAB_H_
#define PEAKEND_BENCHMARKS_PEERS_PEAKEND_CUSTOMER_SLAB_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "benchmarks/peers/peakend/journey_rule.h"

namespace peakend::peer_job {

struct Customer {
  Journey journey;
  int64_t applied = -1;  // input offset through which the restored record says all
  bool dirty = false;    // changed since its record was written
  // What a look-up compares lies together: these and the key, which is behind them.
  uint32_t key_size = 0;
  uint64_t hash = 0;

  // REQUIRES: made by a CustomerSlab.
  std::string_view key() const { return {reinterpret_cast<const char*>(this + 1), key_size}; }
};

class CustomerSlab {
 public:
  // The customer, made when there is none, and their journey on its way to the processor.
  // `hash` is the key's.
  Customer& FindOrCreate(uint64_t hash, std::string_view key);
  // Brings what FindOrCreate reads first near the processor.
  void Prefetch(uint64_t hash) const { index_.prefetch(Name{hash, {}}); }
  size_t size() const { return index_.size(); }

 private:
  struct Name {
    uint64_t hash = 0;
    std::string_view key;
  };
  // The hashes are mixed already.
  struct HashOf {
    using is_transparent = void;
    size_t operator()(const Name& name) const { return name.hash; }
    size_t operator()(const Customer* customer) const { return customer->hash; }
  };
  struct SameKey {
    using is_transparent = void;
    bool operator()(const Customer* a, const Customer* b) const { return a == b; }
    bool operator()(const Customer* customer, const Name& name) const {
      return customer->hash == name.hash && customer->key() == name.key;
    }
  };

  Customer* Make(uint64_t hash, std::string_view key);

  absl::flat_hash_set<Customer*, HashOf, SameKey> index_;
  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  std::byte* free_ = nullptr;
  size_t left_ = 0;  // bytes behind free_
};

}  // namespace peakend::peer_job

#endif  // PEAKEND_BENCHMARKS_PEERS_PEAKEND_CUSTOMER_SLAB_H_
