#include "processors/journey/identifier.h"

#include <cstring>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace peakend::journey {
namespace {

using Parts = std::initializer_list<std::string_view>;

XXH128_hash_t HashPieces(Parts parts) {
  XXH3_state_t state;
  XXH3_128bits_reset(&state);
  for (const std::string_view part : parts) {
    const uint64_t size = part.size();
    XXH3_128bits_update(&state, &size, sizeof(size));
    XXH3_128bits_update(&state, part.data(), part.size());
  }
  return XXH3_128bits_digest(&state);
}

// The same hash. Parts are short nearly always, and a state to add them to costs several times as
// much as hashing all of them at once.
XXH128_hash_t HashTogether(Parts parts) {
  std::array<char, 240> together;
  char* end = together.data();
  for (const std::string_view part : parts) {
    const uint64_t size = part.size();
    const auto room = static_cast<size_t>(together.data() + together.size() - end);
    if (room < sizeof(size) || room - sizeof(size) < size) return HashPieces(parts);
    std::memcpy(end, &size, sizeof(size));
    end += sizeof(size);
    if (size > 0) std::memcpy(end, part.data(), size);
    end += size;
  }
  return XXH3_128bits(together.data(), static_cast<size_t>(end - together.data()));
}

// Two digits for each byte.
constexpr std::array<char, 512> DigitPairs() {
  constexpr char kDigits[] = "0123456789abcdef";
  std::array<char, 512> pairs{};
  for (size_t byte = 0; byte < 256; ++byte) {
    pairs[2 * byte] = kDigits[byte >> 4];
    pairs[2 * byte + 1] = kDigits[byte & 15];
  }
  return pairs;
}
constexpr std::array<char, 512> kDigitPairs = DigitPairs();

void PutHex(uint64_t half, char* to) {
  for (size_t i = 0; i < 8; ++i) {
    std::memcpy(to + 2 * i, &kDigitPairs[2 * (half >> (56 - 8 * i) & 0xFF)], 2);
  }
}

}  // namespace

HexDigits::HexDigits(const Identifier& id) {
  PutHex(id.high, digits_.data());
  PutHex(id.low, digits_.data() + 16);
}

std::string ToHex(const Identifier& id) { return std::string(HexDigits(id).view()); }

Identifier MakeIdentifier(std::initializer_list<std::string_view> parts) {
  const XXH128_hash_t hash = HashTogether(parts);
  return {hash.high64, hash.low64};
}

uint64_t EventHash(std::string_view source, std::string_view event_id) {
  return XXH3_64bits_withSeed(event_id.data(), event_id.size(),
                              XXH3_64bits(source.data(), source.size()));
}

uint64_t Hash64(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

}  // namespace peakend::journey
