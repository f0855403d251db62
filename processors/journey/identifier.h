// Ids that are made from content, never from a clock or a counter: a replay
// gives the same ones.
#ifndef PEAKEND_PROCESSORS_JOURNEY_IDENTIFIER_H_
#define PEAKEND_PROCESSORS_JOURNEY_IDENTIFIER_H_

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace peakend::journey {

// 128 bits of XXH3; shown as 32 hex digits.
struct Identifier {
  uint64_t high = 0;
  uint64_t low = 0;
  friend bool operator==(const Identifier&, const Identifier&) = default;
  bool empty() const { return high == 0 && low == 0; }
};

// An identifier's digits in place: a string would need memory for them.
class HexDigits {
 public:
  explicit HexDigits(const Identifier& id);
  // Valid as long as this.
  std::string_view view() const { return {digits_.data(), digits_.size()}; }

 private:
  std::array<char, 32> digits_;
};
std::string ToHex(const Identifier& id);

// Hash of the parts; their lengths count, so ("a", "bc") differs from ("ab", "c").
Identifier MakeIdentifier(std::initializer_list<std::string_view> parts);

// Identity of an event: XXH3-64 over source and event id.
uint64_t EventHash(std::string_view source, std::string_view event_id);

// XXH3-64 of bytes.
uint64_t Hash64(std::string_view bytes);

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_IDENTIFIER_H_
