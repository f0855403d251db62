#include "processors/runtime/config/identity_checks.h"

#include <map>
#include <string>

#include "absl/strings/str_cat.h"

namespace peakend::runtime {
namespace {

// Of an identity whose value is the id of a customer.
constexpr char kNamesACustomer[] = "customer";

void CheckMostCustomers(const v1::IdentityPolicy& identity, const std::string& path,
                        LoadState& state) {
  const bool names_one = identity.type() == kNamesACustomer;
  if (names_one != identity.has_max_customers()) return;
  if (names_one) {
    state.problems.Error(
        WrittenOrigin(state.origins, {path + ".max_customers", path}),
        {"PE0047",
         absl::StrCat("identities of the type ", Quoted(identity.type()),
                      " have no `max_customers`"),
         "whoever it names is one customer, from however many cookies; leave it out"});
    return;
  }
  if (state.refused.contains(path + ".max_customers")) return;
  state.problems.Error(
      WrittenOrigin(state.origins, {path + ".type", path}),
      {"PE0048",
       absl::StrCat("identities of the type ", Quoted(identity.type()), " need `max_customers`"),
       "from how many customers on it is shared and links nobody, such as 3 of a phone"});
}

}  // namespace

void CheckIdentities(const v1::Policy& policy, LoadState& state) {
  if (policy.identities().empty() && !policy.known_customers().empty()) {
    state.problems.Error(
        WrittenOrigin(state.origins, {"known_customers"}),
        {"PE0049", "`known_customers` says nothing without `identities`",
         "customers are linked by identities, such as [{type: phone, max_customers: 3}]"});
  }
  std::map<std::string, int> first_of;
  for (int i = 0; i < policy.identities_size(); ++i) {
    const v1::IdentityPolicy& identity = policy.identities(i);
    const std::string path = absl::StrCat("identities[", i, "]");
    if (identity.type().empty()) continue;
    CheckMostCustomers(identity, path, state);
    const auto [known, added] = first_of.emplace(identity.type(), i);
    if (added) continue;
    state.problems.Error(
        WrittenOrigin(state.origins, {path + ".type"}),
        {"PE0046", absl::StrCat("two identities are of the type ", Quoted(identity.type())),
         absl::StrCat("the first one is identity ", known->second + 1, " of the list")});
  }
}

}  // namespace peakend::runtime
