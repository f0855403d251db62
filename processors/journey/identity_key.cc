#include "processors/journey/identity_key.h"

#include "processors/ingest/validate.h"
#include "processors/journey/identifier.h"

namespace peakend::journey {
namespace {

constexpr std::string_view kIdentityHome = "/i/";
constexpr std::string_view kCustomerHome = "/c/";

// How the homes of all identities of a type begin: a home knows by its key how many customers
// the policy allows it.
std::string HomesOfType(std::string_view type) {
  constexpr size_t kDigits = 8;
  return std::string(kIdentityHome)
      .append(ToHex(MakeIdentifier({type})).substr(0, kDigits))
      .append("/");
}

}  // namespace

bool IsAnonymous(std::string_view customer_id) { return customer_id.starts_with('~'); }

bool KeyBefore(std::string_view a, std::string_view b) {
  if (IsAnonymous(a) != IsAnonymous(b)) return IsAnonymous(b);
  return a < b;
}

std::string HomeOfIdentity(std::string_view type, std::string_view value) {
  return HomesOfType(type) + ToHex(MakeIdentifier({type, value}));
}

bool IsHomeOfType(std::string_view home, std::string_view type) {
  return home.starts_with(HomesOfType(type));
}

bool SameHomes(std::string_view type, std::string_view other) {
  return HomesOfType(type) == HomesOfType(other);
}

std::string HomeOfCustomer(std::string_view customer_id) {
  return std::string(kCustomerHome).append(customer_id);
}

bool IsHome(std::string_view id) { return ingest::IsReserved(id); }

std::string_view NamedCustomer(std::string_view home) {
  return home.starts_with(kCustomerHome) ? home.substr(kCustomerHome.size()) : std::string_view();
}

uint64_t NodeOf(std::string_view id) { return Hash64(id); }

}  // namespace peakend::journey
