// Customers of a run who may be linked: keys that are partly made up, and identities that they
// share, of which they name some in each event.
//
// Thread-safety: none.
#ifndef PEAKEND_TESTS_SIMULATION_LINKED_CUSTOMERS_H_
#define PEAKEND_TESTS_SIMULATION_LINKED_CUSTOMERS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "peakend/v1/interaction_event.pb.h"
#include "processors/publish/policy.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/random.h"

namespace peakend::simulation {

// Makes `policy` link customers as the plan wants it.
void LinkCustomers(Linking linking, Random random, publish::Policy& policy);

class LinkedCustomers {
 public:
  LinkedCustomers(Linking linking, Random random);

  int64_t count() const { return static_cast<int64_t>(customers_.size()); }
  // Says who customer `number` is, in an event of theirs. REQUIRES: number < count().
  void Introduce(int64_t number, v1::Customer& customer);
  // A record that sets somebody apart.
  v1::InteractionEvent SetApart();

 private:
  struct Linked {
    std::string customer_id;
    std::vector<v1::Identity> identities;
  };

  v1::Identity DrawIdentity();

  Random random_;
  std::vector<Linked> customers_;
};

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_LINKED_CUSTOMERS_H_
