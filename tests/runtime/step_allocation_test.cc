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

// The number of outputs.
size_t TakeTurnsWithoutAllocation(KnownCustomers& customers) {
  while (!customers.Full()) customers.Turn();
  customers.Reopen();
  const int64_t before = AllocationCount();
  int64_t applied = 0;
  while (!customers.Full()) {
    if (customers.Turn() == journey::ApplyResult::kApplied) ++applied;
  }
  EXPECT_EQ(AllocationCount() - before, 0);
  EXPECT_EQ(applied, static_cast<int64_t>(100 * KnownCustomers::kTurns));
  return customers.outputs().size();
}

TEST(StepAllocation, KnownCustomerInAnOpenContactNeedsNone) {
  const publish::Policy policy = ShippedPolicy();
  KnownCustomers customers(policy, 100);
  EXPECT_EQ(TakeTurnsWithoutAllocation(customers), 0);
}

TEST(StepAllocation, NorDoesTheRowOfATurn) {
  const publish::Policy policy = ShippedPolicy();
  const publish::RowSettings rows = ShippedRows();
  KnownCustomers customers(policy, 100, &rows);
  EXPECT_EQ(TakeTurnsWithoutAllocation(customers), 100 * KnownCustomers::kTurns);
}

}  // namespace
}  // namespace peakend::benchmarks
