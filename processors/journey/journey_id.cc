#include "processors/journey/journey_id.h"

#include <array>

namespace peakend::journey {
namespace {

// Little-endian whatever the machine.
std::array<char, 16> Bytes(const EventTime& time) {
  std::array<char, 16> bytes;
  for (size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<char>(static_cast<uint64_t>(time.at_ms) >> (8 * i));
    bytes[8 + i] = static_cast<char>(time.hash >> (8 * i));
  }
  return bytes;
}

}  // namespace

Identifier JourneyId(std::string_view tenant_id, std::string_view customer_id,
                     const EventTime& first) {
  const auto bytes = Bytes(first);
  return MakeIdentifier({"journey", tenant_id, customer_id, {bytes.data(), bytes.size()}});
}

Identifier ContactKey(std::string_view tenant_id, std::string_view customer_id,
                      const Contact& contact) {
  const auto bytes = Bytes(contact.first());
  return MakeIdentifier(
      {"contact", tenant_id, customer_id, contact.id(), {bytes.data(), bytes.size()}});
}

}  // namespace peakend::journey
