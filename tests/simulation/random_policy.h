// Policies of chance for the simulation, within what `peakend check` lets pass.
//
// Thread-safety: pure functions; the same stream of numbers gives the same policy.
#ifndef PEAKEND_TESTS_SIMULATION_RANDOM_POLICY_H_
#define PEAKEND_TESTS_SIMULATION_RANDOM_POLICY_H_

#include "processors/publish/policy.h"
#include "tests/simulation/random.h"

namespace peakend::simulation {

// Another policy of the same kind as `small`: its windows longer and shorter, down to none; other
// weights, thresholds, expectations and hours; some of its rules, some of them several times.
publish::Policy Varied(publish::Policy small, Random random);

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_RANDOM_POLICY_H_
