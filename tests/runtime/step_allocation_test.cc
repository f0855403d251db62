// The step of an already known customer in an open contact allocates nothing: that
// is what keeps its cost the same on the thousandth day.
#include <gtest/gtest.h>

#include "benchmarks/allocation_count.h"
#include "benchmarks/workload.h"

namespace peakend::benchmarks {
namespace {

TEST(AllocationCount, CountsEveryNew) {
  const int64_t before = AllocationCount();
  auto* const first = new std::string(100, 'x');
  const int64_t between = AllocationCount();
  EXPECT_EQ(between - before, 2);
  delete first;
  EXPECT_EQ(AllocationCount(), between);
}

TEST(StepAllocation, KnownCustomerInAnOpenContactNeedsNone) {
  const publish::Policy policy = ShippedPolicy();
  KnownCustomers customers(policy, 100);
  while (!customers.Full()) customers.Turn();
  customers.Reopen();

  const int64_t before = AllocationCount();
  int64_t applied = 0;
  while (!customers.Full()) {
    if (customers.Turn() == journey::ApplyResult::kApplied) ++applied;
  }
  EXPECT_EQ(AllocationCount() - before, 0);
  EXPECT_EQ(applied, static_cast<int64_t>(100 * KnownCustomers::kTurns));
  EXPECT_TRUE(customers.outputs().empty());
}

}  // namespace
}  // namespace peakend::benchmarks
