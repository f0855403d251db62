// Which identities of events link customers, by a policy.
//
// Thread-safety: values and pure functions.
#ifndef PEAKEND_PROCESSORS_PUBLISH_POLICY_IDENTITIES_H_
#define PEAKEND_PROCESSORS_PUBLISH_POLICY_IDENTITIES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "peakend/v1/policy.pb.h"
#include "processors/ingest/event_view.h"
#include "processors/journey/identity_label.h"

namespace peakend::publish {

struct IdentityType {
  std::string name;
  bool verified = false;     // only those that the feed has verified
  size_t max_customers = 0;  // of no meaning of the type `customer`

  friend bool operator==(const IdentityType&, const IdentityType&) = default;
};

struct Identities {
  std::vector<IdentityType> types;  // each once
  journey::IdentityRules rules;
};

// Nothing where the policy has no section `identities`. Errors: InvalidArgument where two types
// would have the same homes.
absl::StatusOr<std::optional<Identities>> CompileIdentities(const v1::Policy& policy);

// Homes of the identities that link, of an event: each once, in the order of naming.
std::vector<std::string> HomesOf(const ingest::IdentitiesView& named, const Identities& identities);

// How many customers may have the identity of `home`: of a type that the policy has no more,
// any number that a policy may say.
size_t MostCustomersOf(std::string_view home, const Identities& identities);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_POLICY_IDENTITIES_H_
