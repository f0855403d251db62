// Memories of two customers who are one.
#include "processors/journey/memory_join.h"

#include <gtest/gtest.h>

#include "tests/cases.h"
#include "tests/durations.h"
#include "tests/journey/random_facts.h"

namespace peakend::journey {
namespace {

constexpr uint32_t kDayMinutes = 1440;
constexpr PeakHalfLives kHalfLives = {30 * kDay, 60 * kDay};

// Of few values, so that ties are common.
Memory RandomMemory(Random& random) {
  const auto minute = [&] { return kDayMinutes * static_cast<uint32_t>(Draw(random, 1, 4)); };
  Memory memory;
  if (Draw(random, 0, 9) == 0) return memory;
  if (Draw(random, 0, 2) > 0) {
    memory.worst = static_cast<RememberedLevel>(-100 * Draw(random, 1, 3));
    memory.worst_minute = minute();
    memory.unrecovered = Draw(random, 0, 1) == 0;
  }
  if (Draw(random, 0, 2) > 0) {
    memory.best = static_cast<RememberedLevel>(100 * Draw(random, 1, 3));
    memory.best_minute = minute();
  }
  if (Draw(random, 0, 2) > 0) {
    memory.has_end = true;
    memory.end = static_cast<RememberedLevel>(100 * Draw(random, -2, 2));
    memory.end_minute = minute();
  }
  memory.last_minute = minute();
  memory.channel = static_cast<uint8_t>(Draw(random, 0, 2));
  memory.resolved = Draw(random, 0, 1) == 0;
  if (Draw(random, 0, 2) > 0) {
    memory.need_minute = minute();
    memory.need = {static_cast<uint32_t>(Draw(random, 0, 2)),
                   static_cast<uint32_t>(Draw(random, 0, 2)), 0};
  }
  memory.usual_journeys = static_cast<uint8_t>(Draw(random, 0, 2));
  if (memory.usual_journeys > 0) {
    memory.usual = static_cast<RememberedLevel>(100 * Draw(random, -1, 1));
  }
  for (int i = Draw(random, 0, 3); i > 0; --i) {
    memory.usual_waits.Add(Draw(random, 1, 3), Draw(random, 1, 2));
  }
  return memory;
}

TEST(MemoryJoinProperty, OrderAndRepetitionChangeNothing) {
  for (int seed = 0; seed < Cases(); ++seed) {
    SCOPED_TRACE(seed);
    Random random(static_cast<uint64_t>(seed));
    const Memory a = RandomMemory(random);
    const Memory b = RandomMemory(random);
    const Memory joined = Join(a, b, kHalfLives);
    ASSERT_EQ(Join(b, a, kHalfLives), joined);
    ASSERT_EQ(Join(a, a, kHalfLives), a);
    ASSERT_EQ(Join(joined, a, kHalfLives), joined);
    ASSERT_EQ(Join(joined, b, kHalfLives), joined);
    ASSERT_EQ(Join(a, Memory(), kHalfLives), a);
  }
}

TEST(MemoryJoin, ThePeakThatIsStrongerNowIsKept) {
  Memory old;
  old.worst = -9000;
  old.worst_minute = kDayMinutes;
  old.best = 9000;
  old.best_minute = kDayMinutes;
  Memory young;
  young.worst = -4000;
  young.worst_minute = 61 * kDayMinutes;  // two half-lives later: -2250 is left
  young.best = 4000;
  young.best_minute = 61 * kDayMinutes;  // one: 4500
  const Memory joined = Join(old, young, kHalfLives);
  EXPECT_EQ(joined.worst, -4000);
  EXPECT_EQ(joined.worst_minute, 61 * kDayMinutes);
  EXPECT_EQ(joined.best, 9000);
  EXPECT_EQ(joined.best_minute, kDayMinutes);
}

TEST(MemoryJoin, WhatWasMadeGoodStaysSo) {
  Memory memory;
  memory.worst = -9000;
  memory.worst_minute = 5;
  memory.unrecovered = true;
  memory.last_minute = 5;
  Memory recovered = memory;
  recovered.unrecovered = false;
  EXPECT_FALSE(Join(memory, recovered, kHalfLives).unrecovered);
  EXPECT_FALSE(Join(recovered, memory, kHalfLives).unrecovered);
}

TEST(MemoryJoin, TheLaterEndContactAndNeedAreKept) {
  Memory first;
  first.last_minute = 10;
  first.channel = 1;
  first.resolved = true;
  first.end_minute = 10;
  first.end = 300;
  first.has_end = true;
  first.need_minute = 9;
  first.need = {1, 2, 3};
  Memory last;
  last.last_minute = 11;
  last.channel = 2;
  last.need_minute = 8;
  last.need = {4, 5, 6};
  const Memory joined = Join(first, last, kHalfLives);
  EXPECT_EQ(joined.last_minute, 11U);
  EXPECT_EQ(joined.channel, 2);
  EXPECT_FALSE(joined.resolved);
  EXPECT_EQ(joined.end, 300);
  EXPECT_TRUE(joined.has_end);
  EXPECT_EQ(joined.need, first.need);
}

TEST(MemoryJoin, WhatIsUsualIsOfWhoHasHadMore) {
  Memory some;
  some.last_minute = 2;
  some.usual = -100;
  some.usual_journeys = 2;
  some.usual_waits.Add(1, 50);
  Memory more;
  more.last_minute = 1;
  more.usual = 500;
  more.usual_journeys = 3;
  more.usual_waits.Add(1, 70);
  more.usual_waits.Add(1, 70);
  more.usual_waits.Add(2, 30);
  more.usual_waits.Add(3, 30);
  const Memory joined = Join(some, more, kHalfLives);
  EXPECT_EQ(joined.usual, 500);
  EXPECT_EQ(joined.usual_journeys, 3);
  EXPECT_EQ(joined.usual_waits.Of(1, 1), 50);  // the other was pushed out of theirs
  EXPECT_EQ(joined.usual_waits.Of(3, 1), 30);  // the next that was used last
  EXPECT_EQ(joined.usual_waits.Of(2, 1), std::nullopt);
}

}  // namespace
}  // namespace peakend::journey
