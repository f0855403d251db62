// Policies of chance for the simulation, within what `peakend check` lets pass.
//
// Thread-safety: pure functions; the same stream of numbers gives the same policy.
#ifndef PEAKEND_TESTS_SIMULATION_RANDOM_POLICY_H_
#define PEAKEND_TESTS_SIMULATION_RANDOM_POLICY_H_

#include <string>

#include "absl/status/statusor.h"
#include "peakend/v1/control.pb.h"
#include "processors/publish/policy.h"
#include "tests/simulation/random.h"

namespace peakend::simulation {

// Another policy of the same kind as `small`: its windows longer and shorter, down to none; other
// weights, thresholds, expectations and hours; some of its rules, some of them several times.
publish::Policy Varied(publish::Policy small, Random random);

// The value of a record that states one of the policies that CompileVaried knows, or one that it
// refuses.
std::string VariedPolicyRecord(Random& random);

// Compiles those of VariedPolicyRecord: variations of `first`, which links the same customers. What
// links keeps its windows: how long links are remembered is part of what is known of them all.
absl::StatusOr<publish::Policy> CompileVaried(const publish::Policy& first,
                                              const v1::PolicyRecord& record);

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_RANDOM_POLICY_H_
