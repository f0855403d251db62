#include "tests/simulation/plan.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/simulation/shrink.h"

namespace peakend::simulation {
namespace {

TEST(PlanTest, ComesBackFromItsText) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    const std::string text = ToText(DrawPlan(seed, {}));
    const absl::StatusOr<Plan> plan = PlanFromText(text);
    ASSERT_TRUE(plan.ok()) << plan.status() << text;
    ASSERT_EQ(ToText(*plan), text);
  }
}

TEST(PlanTest, ALineThatMeansNothingIsNamed) {
  EXPECT_FALSE(PlanFromText("fault 1 0 earthquake 0 0\n").ok());
  EXPECT_FALSE(PlanFromText("plan 1 engine 2\n").ok());
  EXPECT_FALSE(PlanFromText("plan 1 engine 1 1 9 9 0 0\nfault 1 3 crash 0 0\n").ok())
      << "there is no worker 3";
}

TEST(PlanTest, ShrinkingLeavesWhatIsNeeded) {
  Plan plan = DrawPlan(3, {});
  plan.faults.assign(13, Fault{});
  plan.faults[4].step = 40;
  plan.faults[11].step = 110;
  const auto fails = [](const Plan& tried) {
    const auto has = [&](int64_t step) {
      return std::any_of(tried.faults.begin(), tried.faults.end(),
                         [&](const Fault& fault) { return fault.step == step; });
    };
    return has(40) && has(110) && tried.steps >= 77;
  };
  const Plan shortest = Shrink(plan, fails);
  EXPECT_EQ(shortest.faults.size(), 2U);
  EXPECT_EQ(shortest.steps, 77);
}

}  // namespace
}  // namespace peakend::simulation
