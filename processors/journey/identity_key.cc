#include "processors/journey/identity_key.h"

#include "processors/ingest/validate.h"
#include "processors/journey/identifier.h"

namespace peakend::journey {
namespace {

constexpr std::string_view kIdentityHome = "/i/";
constexpr std::string_view kCustomerHome = "/c/";

}  // namespace

bool IsAnonymous(std::string_view customer_id) { return customer_id.starts_with('~'); }

bool KeyBefore(std::string_view a, std::string_view b) {
  if (IsAnonymous(a) != IsAnonymous(b)) return IsAnonymous(b);
  return a < b;
}

std::string HomeOfIdentity(std::string_view type, std::string_view value) {
  return std::string(kIdentityHome) + ToHex(MakeIdentifier({type, value}));
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
