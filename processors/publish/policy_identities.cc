#include "processors/publish/policy_identities.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/journey/identity_key.h"
#include "processors/publish/duration.h"

namespace peakend::publish {
namespace {

constexpr std::string_view kNamesACustomer = "customer";

bool Links(const IdentityType& type, const ingest::IdentityView& identity) {
  return identity.type == type.name && (identity.verified || !type.verified);
}

void AddHome(const IdentityType& type, std::string_view value, std::vector<std::string>& homes) {
  if (value.empty()) return;
  // Nobody is named by what no customer may be called.
  const bool names_customer = type.name == kNamesACustomer;
  if (names_customer && journey::IsHome(value)) return;
  std::string home =
      names_customer ? journey::HomeOfCustomer(value) : journey::HomeOfIdentity(type.name, value);
  if (std::find(homes.begin(), homes.end(), home) == homes.end()) homes.push_back(std::move(home));
}

}  // namespace

absl::StatusOr<std::optional<Identities>> CompileIdentities(const v1::Policy& policy) {
  if (policy.identities().empty()) return std::nullopt;
  Identities identities;
  identities.rules.known_customers_move = policy.known_customers() == "move";
  constexpr int64_t kMinuteMs = 60'000;
  identities.rules.repeat_after_minutes =
      std::max<int64_t>(1, Ms(policy.windows().memory()) / kMinuteMs / 4);
  for (const v1::IdentityPolicy& source : policy.identities()) {
    for (const IdentityType& before : identities.types) {
      if (journey::SameHomes(before.name, source.type())) {
        return absl::InvalidArgumentError(absl::StrCat("identities: `", before.name, "` and `",
                                                       source.type(), "` can't be told apart"));
      }
    }
    identities.types.push_back({source.type(), source.verified(), source.max_customers()});
  }
  return identities;
}

std::vector<std::string> HomesOf(const ingest::IdentitiesView& named,
                                 const Identities& identities) {
  std::vector<std::string> homes;
  for (const ingest::IdentityView& identity : named) {
    for (const IdentityType& type : identities.types) {
      if (!Links(type, identity)) continue;
      AddHome(type, identity.value, homes);
      AddHome(type, identity.previous_value, homes);
    }
  }
  return homes;
}

size_t MostCustomersOf(std::string_view home, const Identities& identities) {
  constexpr size_t kMostOfAnyPolicy = 64;
  for (const IdentityType& type : identities.types) {
    if (journey::IsHomeOfType(home, type.name)) return type.max_customers;
  }
  return kMostOfAnyPolicy;
}

}  // namespace peakend::publish
