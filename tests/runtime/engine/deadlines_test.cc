#include "processors/runtime/deadlines.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>
#include <tuple>

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

// Some at one time, some hours apart; what is set may be due before what has come up.
Deadline AnyDeadline() {
  constexpr int64_t kHourMs = 3'600'000;
  return {*rc::gen::inRange<int64_t>(-3, 4) * kHourMs + *rc::gen::inRange<int64_t>(-1, 2),
          *rc::gen::inRange<uint64_t>(0, 4), *rc::gen::inRange<uint32_t>(0, 4)};
}

TEST(DeadlinesTest, ComeInOrderOfTimeThenCustomer) {
  EXPECT_TRUE(rc::check([] {
    Deadlines deadlines;
    std::multiset<decltype(PlaceOf({}))> open;
    const int count = *rc::gen::inRange(0, 60);
    for (int i = 0; i < count; ++i) {
      if (!open.empty() && *rc::gen::inRange(0, 3) == 0) {
        RC_ASSERT(PlaceOf(deadlines.Pop()) == *open.begin());
        open.erase(open.begin());
      } else {
        const Deadline deadline = AnyDeadline();
        deadlines.Add(deadline);
        open.insert(PlaceOf(deadline));
      }
      RC_ASSERT(deadlines.size() == open.size());
    }
    for (const auto& expected : open) RC_ASSERT(PlaceOf(deadlines.Pop()) == expected);
    RC_ASSERT(deadlines.empty());
  }));
}

}  // namespace
}  // namespace peakend::runtime
