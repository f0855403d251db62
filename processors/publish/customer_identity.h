// Whom a customer belongs to, by the identities that they share with others; or, of the home
// of an identity, which is kept like a customer, who said that they have it.
//
// Invariants: a home has neither links nor a host; who is recalled has a host.
// Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_IDENTITY_H_
#define PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_IDENTITY_H_

#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string>

#include "peakend/v1/customer_state.pb.h"
#include "processors/journey/identity_home.h"
#include "processors/journey/identity_links.h"
#include "processors/journey/partition_clock.h"

namespace peakend::publish {

struct CustomerIdentity {
  explicit CustomerIdentity(std::pmr::memory_resource* memory) : links(memory), host_id(memory) {}
  // What Save wrote. REQUIRES: the record was checked.
  CustomerIdentity(const v1::CustomerState& record, std::pmr::memory_resource* memory);
  // Writes its own fields of `record` only.
  void Save(v1::CustomerState* record) const;
  // Whether a record of these fields has any.
  static bool IsIn(const v1::CustomerState& record);

  bool away() const { return !host_id.empty(); }
  std::pmr::memory_resource* memory() const { return host_id.get_allocator().resource(); }

  journey::IdentityLinks links;
  // Customer at whom the customer's part is; empty = at home.
  std::pmr::string host_id;
  // The part is on its way back from there.
  bool recalled = false;
  // The partition's clock when somebody spoke of an identity here last; kUnset = nobody has
  // since it was set.
  int64_t heard_ms = journey::PartitionClock::kUnset;
  std::optional<journey::IdentityHome> home;
};

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_CUSTOMER_IDENTITY_H_
