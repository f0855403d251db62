#include "processors/publish/partitioner.h"

#include <cstddef>

namespace peakend::publish {
namespace {

uint32_t LittleEndian(const unsigned char* bytes, size_t count) {
  uint32_t word = 0;
  for (size_t i = 0; i < count; ++i) word |= static_cast<uint32_t>(bytes[i]) << (8 * i);
  return word;
}

}  // namespace

int32_t Murmur2(std::string_view data) {
  constexpr uint32_t kSeed = 0x9747b28c;
  constexpr uint32_t kMultiplier = 0x5bd1e995;
  constexpr int kShift = 24;

  const auto* bytes = reinterpret_cast<const unsigned char*>(data.data());
  const size_t words = data.size() / 4;
  uint32_t hash = kSeed ^ static_cast<uint32_t>(data.size());
  for (size_t i = 0; i < words; ++i) {
    uint32_t word = LittleEndian(bytes + 4 * i, 4) * kMultiplier;
    word = (word ^ (word >> kShift)) * kMultiplier;
    hash = (hash * kMultiplier) ^ word;
  }
  const size_t rest = data.size() % 4;
  if (rest > 0) hash = (hash ^ LittleEndian(bytes + 4 * words, rest)) * kMultiplier;
  hash = (hash ^ (hash >> 13)) * kMultiplier;
  return static_cast<int32_t>(hash ^ (hash >> 15));
}

int32_t PartitionFor(std::string_view key, int32_t partitions) {
  // The Java client clears the sign bit; abs() would give other partitions.
  return (Murmur2(key) & 0x7fffffff) % partitions;
}

}  // namespace peakend::publish
