#include "processors/warehouse/known_keys.h"

#include <xxhash.h>

namespace peakend::warehouse {

uint64_t KeyHash(size_t dimension, std::string_view tenant, std::string_view id) {
  const uint64_t of_tenant = XXH3_64bits_withSeed(tenant.data(), tenant.size(), dimension);
  return XXH3_64bits_withSeed(id.data(), id.size(), of_tenant);
}

void KnownKeys::Add(uint64_t hash) {
  if (hashes_.size() >= most_) hashes_.clear();
  hashes_.insert(hash);
}

}  // namespace peakend::warehouse
