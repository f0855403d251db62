// What customers do in a simulated run: turns, states and surveys with gaps around the
// windows of a small policy, out of order, late, twice, broken, and one ten years ahead; and
// what is announced to many of them.
//
// Thread-safety: none.
#ifndef PEAKEND_TESTS_SIMULATION_WORKLOAD_H_
#define PEAKEND_TESTS_SIMULATION_WORKLOAD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "peakend/v1/interaction_event.pb.h"
#include "processors/publish/policy.h"
#include "tests/simulation/linked_customers.h"
#include "tests/simulation/random.h"
#include "tests/simulation/topic_log.h"

namespace peakend::simulation {

// 2025-12-31T23:59:55Z, where the virtual clock starts: customers are forgotten by the minute,
// and one ends in each run.
inline constexpr int64_t kEpochMs = 1'767'225'595'000;

// Windows of a few hundred milliseconds, so that a short run sees all of them pass, and a
// rule of each kind.
publish::Policy SmallPolicy();

class Workload {
 public:
  // Without `linked` customers have keys of their own and no identities; with `policies` some of
  // CompileVaried are stated, beside the records.
  Workload(Random random, int64_t records, std::optional<LinkedCustomers> linked, bool policies);

  bool done() const { return made_ == records_; }
  // The next record at broker time `now_ms`. One without a key is for every partition.
  // REQUIRES: !done().
  SharedPayload Next(int64_t now_ms);

 private:
  void Fill(int64_t now_ms);
  Payload Notice(int64_t now_ms);
  Payload Baseline(int64_t now_ms);
  void DrawCustomer();
  Payload SetApart();
  Payload Broken(Payload payload);

  Random random_;
  const int64_t records_;
  const int64_t ten_years_ahead_;  // which record that is
  std::optional<LinkedCustomers> linked_;
  std::optional<Random> policies_;
  int64_t made_ = 0;
  v1::InteractionEvent event_;
  std::vector<SharedPayload> recent_;
};

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_WORKLOAD_H_
