#include "processors/runtime/deadlines.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <tuple>
#include <vector>

namespace peakend::runtime {
namespace {

auto PlaceOf(const Deadline& d) { return std::make_tuple(d.at_ms, d.customer_hash, d.slot); }

TEST(DeadlinesTest, IsDueBeforeTheWatermarkNotAtIt) {
  Deadlines deadlines;
  EXPECT_FALSE(deadlines.IsDue(1'000'000));
  deadlines.Add({1000, 1, 1});
  EXPECT_FALSE(deadlines.IsDue(1000));
  EXPECT_TRUE(deadlines.IsDue(1001));
}

TEST(DeadlinesTest, ComeInOrderOfTimeThenCustomer) {
  EXPECT_TRUE(rc::check([] {
    Deadlines deadlines;
    std::vector<Deadline> added;
    const int count = *rc::gen::inRange(0, 60);
    for (int i = 0; i < count; ++i) {
      added.push_back({*rc::gen::inRange<int64_t>(-3, 4), *rc::gen::inRange<uint64_t>(0, 4),
                       *rc::gen::inRange<uint32_t>(0, 4)});
      deadlines.Add(added.back());
    }
    std::sort(added.begin(), added.end(),
              [](const Deadline& a, const Deadline& b) { return PlaceOf(a) < PlaceOf(b); });
    for (const Deadline& expected : added) RC_ASSERT(PlaceOf(deadlines.Pop()) == PlaceOf(expected));
    RC_ASSERT(deadlines.size() == 0U);
  }));
}

}  // namespace
}  // namespace peakend::runtime
