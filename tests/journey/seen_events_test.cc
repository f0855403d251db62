#include "processors/journey/seen_events.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace peakend::journey {
namespace {

constexpr size_t kLimit = 8;

SeenEvents Filled(uint64_t count) {
  SeenEvents seen(std::pmr::get_default_resource());
  for (uint64_t hash = 1; hash <= count; ++hash) EXPECT_TRUE(seen.Insert(hash, kLimit));
  return seen;
}

TEST(SeenEventsTest, TellsADuplicate) {
  SeenEvents seen = Filled(3);
  for (uint64_t hash = 1; hash <= 3; ++hash) {
    EXPECT_FALSE(seen.Insert(hash, kLimit));
    EXPECT_TRUE(seen.Contains(hash));
  }
  EXPECT_FALSE(seen.Contains(4));
  EXPECT_FALSE(seen.forgot());
}

TEST(SeenEventsTest, ForgetsTheOlderHalfAndSaysSo) {
  const SeenEvents before = Filled(7);
  EXPECT_FALSE(before.forgot());
  for (uint64_t hash = 1; hash <= 7; ++hash) EXPECT_TRUE(before.Contains(hash)) << hash;

  const SeenEvents after = Filled(8);
  EXPECT_TRUE(after.forgot());
  for (uint64_t hash = 1; hash <= 4; ++hash) EXPECT_FALSE(after.Contains(hash)) << hash;
  for (uint64_t hash = 5; hash <= 8; ++hash) EXPECT_TRUE(after.Contains(hash)) << hash;
}

TEST(SeenEventsTest, NeverRemembersMoreThanTheLimit) {
  SeenEvents seen(std::pmr::get_default_resource());
  for (uint64_t hash = 1; hash <= 1000; ++hash) {
    seen.Insert(hash, kLimit);
    size_t remembered = 0;
    for (uint64_t earlier = 1; earlier <= hash; ++earlier) remembered += seen.Contains(earlier);
    ASSERT_LE(remembered, kLimit);
    ASSERT_GE(remembered, std::min<uint64_t>(hash, kLimit / 2));
  }
}

TEST(SeenEventsTest, ADuplicateOfTheOlderHalfDoesNotCountAgain) {
  SeenEvents seen = Filled(4);  // now the older generation
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(seen.Insert(1, kLimit));
  EXPECT_FALSE(seen.forgot());
}

TEST(SeenEventsTest, MergedIdsAreThoseOfBothTheOlderForgottenFirst) {
  SeenEvents old(std::pmr::get_default_resource());
  SeenEvents young(std::pmr::get_default_resource());
  for (uint64_t hash = 1; hash <= 2; ++hash) old.Insert(hash, 8);
  for (uint64_t hash = 11; hash <= 15; ++hash) young.Insert(hash, 8);  // 15 is of the younger
  old.Merge(young, 8);
  for (const uint64_t hash : {1, 2, 11, 12, 13, 14, 15}) EXPECT_TRUE(old.Contains(hash)) << hash;
  EXPECT_FALSE(old.forgot());
  old.Merge(old, 8);
  old.Insert(17, 8);
  EXPECT_TRUE(old.forgot());
  EXPECT_FALSE(old.Contains(1));
  EXPECT_TRUE(old.Contains(15));
}

}  // namespace
}  // namespace peakend::journey
