#include "tests/simulation/shrink.h"

#include <algorithm>
#include <utility>

namespace peakend::simulation {
namespace {

using Fails = std::function<bool(const Plan&)>;

// Removes runs of `length` faults where that still fails; returns whether any was.
bool RemoveRuns(Plan& plan, size_t length, const Fails& fails) {
  bool removed = false;
  for (size_t begin = 0; begin < plan.faults.size();) {
    Plan shorter = plan;
    const size_t end = std::min(begin + length, plan.faults.size());
    shorter.faults.erase(shorter.faults.begin() + static_cast<ptrdiff_t>(begin),
                         shorter.faults.begin() + static_cast<ptrdiff_t>(end));
    if (fails(shorter)) {
      plan = std::move(shorter);
      removed = true;
    } else {
      begin += length;
    }
  }
  return removed;
}

// The smallest value, found by halving, for which the plan still fails.
void Lower(Plan& plan, int64_t Plan::*field, const Fails& fails) {
  int64_t passes = 0;
  while (plan.*field - passes > 1) {
    Plan lower = plan;
    lower.*field = (passes + plan.*field) / 2;
    if (fails(lower)) {
      plan = std::move(lower);
    } else {
      passes = lower.*field;
    }
  }
}

}  // namespace

Plan Shrink(Plan plan, const Fails& fails) {
  for (size_t length = std::max<size_t>(1, plan.faults.size() / 2);; length /= 2) {
    while (RemoveRuns(plan, length, fails)) {
    }
    if (length <= 1) break;
  }
  Lower(plan, &Plan::steps, fails);
  Lower(plan, &Plan::records, fails);
  return plan;
}

}  // namespace peakend::simulation
