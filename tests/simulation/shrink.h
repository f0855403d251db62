// A failing plan, made as short as it can be while it still fails.
#ifndef PEAKEND_TESTS_SIMULATION_SHRINK_H_
#define PEAKEND_TESTS_SIMULATION_SHRINK_H_

#include <functional>

#include "tests/simulation/plan.h"

namespace peakend::simulation {

// Leaves faults out, large pieces first, as long as `fails` says true; then steps and
// records. REQUIRES: fails(plan).
Plan Shrink(Plan plan, const std::function<bool(const Plan&)>& fails);

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_SHRINK_H_
