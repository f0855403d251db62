#include "benchmarks/peers/peakend/customer_slab.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace peakend::peer_job {
namespace {

constexpr size_t kChunkBytes = 256 << 10;

}  // namespace

Customer& CustomerSlab::FindOrCreate(uint64_t hash, std::string_view key) {
  Customer& customer = **index_.lazy_emplace(
      Name{hash, key}, [&](const auto& construct) { construct(Make(hash, key)); });
  __builtin_prefetch(&customer);
  return customer;
}

Customer* CustomerSlab::Make(uint64_t hash, std::string_view key) {
  constexpr size_t kAlign = alignof(Customer);
  const size_t bytes = (sizeof(Customer) + key.size() + kAlign - 1) / kAlign * kAlign;
  if (bytes > left_) {
    left_ = std::max(bytes, kChunkBytes);
    chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(left_));
    free_ = chunks_.back().get();
  }
  auto* customer = new (free_) Customer();
  customer->hash = hash;
  customer->key_size = static_cast<uint32_t>(key.size());
  std::memcpy(customer + 1, key.data(), key.size());
  free_ += bytes;
  left_ -= bytes;
  return customer;
}

}  // namespace peakend::peer_job
