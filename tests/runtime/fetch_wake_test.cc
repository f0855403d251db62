// When a client that has stopped fetching is woken, by hand-made lengths of its queue.
#include "processors/runtime/fetch_wake.h"

#include <gtest/gtest.h>

namespace peakend::runtime {
namespace {

TEST(FetchWake, ComesOnceWhenHalfIsTaken) {
  FetchWake wake;
  EXPECT_FALSE(wake.Due(100'000));
  EXPECT_FALSE(wake.Due(50'001));
  EXPECT_TRUE(wake.Due(50'000));
  EXPECT_FALSE(wake.Due(49'000));
}

TEST(FetchWake, ComesAgainWhenNothingCame) {
  FetchWake wake;
  wake.Due(100'000);
  EXPECT_TRUE(wake.Due(40'000));
  EXPECT_TRUE(wake.Due(20'000));
}

TEST(FetchWake, ComesAgainAfterItFilledUp) {
  FetchWake wake;
  wake.Due(100'000);
  EXPECT_TRUE(wake.Due(50'000));
  EXPECT_FALSE(wake.Due(100'000));
  EXPECT_TRUE(wake.Due(50'000));
}

TEST(FetchWake, LeavesAClientAloneThatIsNotBehind) {
  FetchWake wake;
  for (const int waiting : {0, 1'999, 0, 1'000, 1}) EXPECT_FALSE(wake.Due(waiting));
}

}  // namespace
}  // namespace peakend::runtime
