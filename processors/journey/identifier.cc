#include "processors/journey/identifier.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace peakend::journey {

std::string ToHex(const Identifier& id) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex(32, '0');
  for (int i = 0; i < 16; ++i) {
    hex[15 - i] = kDigits[(id.high >> (4 * i)) & 15];
    hex[31 - i] = kDigits[(id.low >> (4 * i)) & 15];
  }
  return hex;
}

Identifier MakeIdentifier(std::initializer_list<std::string_view> parts) {
  XXH3_state_t state;
  XXH3_128bits_reset(&state);
  for (const std::string_view part : parts) {
    const uint64_t size = part.size();
    XXH3_128bits_update(&state, &size, sizeof(size));
    XXH3_128bits_update(&state, part.data(), part.size());
  }
  const XXH128_hash_t hash = XXH3_128bits_digest(&state);
  return {hash.high64, hash.low64};
}

uint64_t EventHash(std::string_view source, std::string_view event_id) {
  return XXH3_64bits_withSeed(event_id.data(), event_id.size(),
                              XXH3_64bits(source.data(), source.size()));
}

uint64_t Hash64(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

}  // namespace peakend::journey
