// How many alerts may interrupt: shares, debts, and what a restart needs of them.
#include "processors/alerts/budget.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdint>
#include <vector>

namespace peakend::alerts {
namespace {

constexpr auto kCritical = static_cast<size_t>(v1::Alert::CRITICAL);
constexpr auto kWarning = static_cast<size_t>(v1::Alert::WARNING);
constexpr auto kInfo = static_cast<size_t>(v1::Alert::INFO);

// 5 per 100 contacts, looked at anew after 100.
constexpr BudgetModel kModel{50, 100};

BudgetCounts Step(int64_t critical, int64_t warning, int64_t granted) {
  BudgetCounts counts;
  counts.contacts = 100;
  counts.wanted[kCritical] = critical;
  counts.wanted[kWarning] = warning;
  counts.granted = granted;
  return counts;
}

TEST(BudgetTest, TheFirstStepKnowsNoLimit) {
  Budget budget;
  EXPECT_EQ(budget.newest(), Bar());
  EXPECT_TRUE(budget.newest().Admits(v1::Alert::INFO, {0, UINT64_MAX}));
  budget.Add({99, {}, 50}, 7, kModel);
  EXPECT_EQ(budget.newest(), Bar());
}

TEST(BudgetTest, WhatIsWithinTheBudgetPasses) {
  Budget budget;
  budget.Add(Step(2, 2, 4), 7, kModel);
  EXPECT_EQ(budget.newest(), Bar());
}

TEST(BudgetTest, CriticalOnesComeFirst) {
  Budget budget;
  budget.Add(Step(4, 10, 5), 7, kModel);
  const auto& shares = budget.newest().shares();
  EXPECT_EQ(shares[kCritical], Bar::kAll);
  EXPECT_EQ(shares[kWarning], 100'000U);  // one of ten
  EXPECT_EQ(shares[kInfo], 0U);
}

TEST(BudgetTest, WhatWasGrantedTooMuchIsOwed) {
  Budget budget;
  budget.Add(Step(8, 0, 8), 100, kModel);
  EXPECT_EQ(budget.newest().shares()[kCritical], 250'000U);  // 2 of 8: 3 are owed
  budget.Add(Step(8, 0, 2), 200, kModel);
  EXPECT_EQ(budget.newest().shares()[kCritical], 625'000U);  // 5 of 8
}

TEST(BudgetTest, NoMoreThanTenAllowancesAreOwed) {
  Budget budget;
  budget.Add(Step(100'000, 0, 100'000), 0, kModel);
  for (int step = 1; step <= 9; ++step) {
    budget.Add(Step(10, 0, 0), step, kModel);
    EXPECT_EQ(budget.newest().shares()[kCritical], 0U) << step;
  }
  budget.Add(Step(10, 0, 0), 10, kModel);
  EXPECT_GT(budget.newest().shares()[kCritical], 0U);
}

TEST(BudgetTest, WithoutALimitEverythingPasses) {
  Budget budget;
  budget.Add(Step(100, 100, 200), 0, {0, 1});
  EXPECT_EQ(budget.newest(), Bar());
}

TEST(BarTest, WhichAlertPassesFollowsFromItsId) {
  const Bar bar({0, 0, 250'000, Bar::kAll});
  int64_t passed = 0;
  for (uint64_t low = 0; low < 4'000'000; low += 1000) {
    passed += bar.Admits(v1::Alert::WARNING, {1, low}) ? 1 : 0;
    EXPECT_TRUE(bar.Admits(v1::Alert::CRITICAL, {1, low}));
    EXPECT_FALSE(bar.Admits(v1::Alert::INFO, {1, low}));
  }
  EXPECT_EQ(passed, 1000);
}

TEST(BudgetTest, EachRecordHasTheBarOfItsOffset) {
  Budget budget;
  budget.Add(Step(10, 0, 10), 41, kModel);
  const Bar second = budget.newest();
  budget.Add(Step(10, 0, 0), 77, kModel);
  EXPECT_EQ(budget.At(0), Bar());
  EXPECT_EQ(budget.At(41), Bar());
  EXPECT_EQ(budget.At(42), second);
  EXPECT_EQ(budget.At(77), second);
  EXPECT_EQ(budget.At(78), budget.newest());
  budget.Forget(42);
  EXPECT_EQ(budget.At(42), second);
  budget.Forget(1'000'000);
  EXPECT_EQ(budget.At(1'000'000), budget.newest());
}

// Whatever is wanted, and whoever decides by the bars: what was granted stays near the
// allowance, and a restart anywhere changes no bar.
TEST(BudgetTest, InTheLongRunTheBudgetIsKeptAndARestartChangesNothing) {
  EXPECT_TRUE(rc::check("budget", [] {
    const BudgetModel model{*rc::gen::inRange<int64_t>(10, 500), *rc::gen::inRange<int64_t>(1, 30)};
    Budget budget;
    int64_t granted = 0;
    constexpr int64_t kContacts = 5000;
    uint64_t state = *rc::gen::arbitrary<uint64_t>();
    const uint64_t often = *rc::gen::inRange<uint64_t>(1, 12);
    for (int64_t offset = 0; offset < kContacts; ++offset) {
      BudgetCounts counts;
      counts.contacts = 1;
      state = state * 6364136223846793005 + 1442695040888963407;
      if (state >> 33 < (uint64_t{1} << 31) / often) {
        counts.wanted[kWarning] = 1;
        counts.granted = budget.At(offset).Admits(v1::Alert::WARNING, {0, state >> 20}) ? 1 : 0;
      }
      granted += counts.granted;
      budget.Add(counts, offset, model);
      if (state % 97 == 0) {
        v1::ProgressRecord::AlertBudget record;
        budget.Forget(offset);
        budget.Save(&record);
        const Bar newest = budget.newest();
        budget = Budget(record);
        RC_ASSERT(budget.newest() == newest);
      }
    }
    // What is owed at the end, and what one step may grant beyond that.
    const int64_t beyond = BudgetModel::kMostOwed * model.contacts + 2 * model.contacts + 20;
    RC_ASSERT(granted * 1000 <=
              model.interrupts_per_1000_contacts * kContacts * 5 / 4 + beyond * 1000);
  }));
}

}  // namespace
}  // namespace peakend::alerts
