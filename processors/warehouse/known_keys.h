// Which keys of dimensions already stand in their tables, as far as this process knows.
//
// A key that is forgotten, or that another process wrote, is written again, which changes nothing;
// so the memory may be bounded and may be lost. Keys are kept as 64-bit hashes.
//
// Thread-safety: none; one owner.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_KNOWN_KEYS_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_KNOWN_KEYS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_set.h"

namespace peakend::warehouse {

// A table of natural keys: `column` of a row, of its tenant or of all.
struct Dimension {
  std::string_view table;
  std::string_view column;
  bool of_tenant = true;
};
inline constexpr std::array<Dimension, 6> kDimensions = {{
    {"dim_customer", "customer_key"},
    {"dim_queue", "queue_id"},
    {"dim_agent", "agent_id"},
    {"dim_touchpoint", "touchpoint_id"},
    {"dim_channel", "channel", false},
    {"dim_rule", "rule", false},
}};

// A longer one, with its tenant, fits no index of PostgreSQL and is in no dimension.
inline constexpr size_t kMostKeyBytes = 2000;

// One key of a dimension. Tenant is empty where the dimension is of all tenants.
struct DimensionKey {
  size_t dimension = 0;  // index into kDimensions
  std::string tenant;
  std::string id;
  int64_t first_seen_at_ms = 0;
};

// Hash of a key; equal in one process only.
uint64_t KeyHash(size_t dimension, std::string_view tenant, std::string_view id);

class KnownKeys {
 public:
  // Forgets all when there are more than `most`. REQUIRES: most > 0.
  explicit KnownKeys(size_t most) : most_(most) {}

  bool Knows(uint64_t hash) const { return hashes_.contains(hash); }
  void Add(uint64_t hash);
  // The tables may be others now.
  void Forget() { hashes_.clear(); }

 private:
  const size_t most_;
  absl::flat_hash_set<uint64_t> hashes_;
};

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_KNOWN_KEYS_H_
