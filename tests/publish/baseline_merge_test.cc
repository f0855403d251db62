// Baselines from rows of statistics.
#include "processors/publish/baseline_merge.h"

#include <gtest/gtest.h>

#include <string>

#include "peakend/v1/interaction_event.pb.h"
#include "tests/durations.h"

namespace peakend::publish {
namespace {

v1::TouchpointStatistics Row(const std::string& queue, int64_t wait_ms, int64_t waits,
                             int64_t window_end_ms = kDay) {
  v1::TouchpointStatistics row;
  row.set_tenant_id("t");
  row.set_queue_id(queue);
  row.set_channel("voice");
  row.set_hour(9);
  row.set_window_end_ms(window_end_ms);
  moments::WaitSketch sketch;
  for (int64_t i = 0; i < waits; ++i) sketch.Add(wait_ms);
  sketch.Save(row.mutable_answered_after());
  return row;
}

TEST(BaselineMergeTest, RowsOfOneQueueAddUp) {
  BaselineMerge merge;
  merge.Take(Row("q", 10, 2));
  v1::TouchpointStatistics other_touchpoint = Row("q", 20, 3, 2 * kDay);
  other_touchpoint.set_touchpoint_id("pay");
  merge.Take(other_touchpoint);
  const v1::Baseline baseline = merge.Result();
  ASSERT_EQ(baseline.cells_size(), 1);
  EXPECT_EQ(baseline.cells(0).tenant_id(), "t");
  EXPECT_EQ(baseline.cells(0).queue_id(), "q");
  EXPECT_EQ(baseline.cells(0).channel(), v1::CHANNEL_VOICE);
  EXPECT_EQ(baseline.cells(0).hour(), 9u);
  EXPECT_EQ(baseline.cells(0).wait_ms(), 20);
  EXPECT_EQ(baseline.cells(0).waits(), 5);
}

TEST(BaselineMergeTest, TheVersionFollowsFromWhatItSays) {
  BaselineMerge one;
  one.Take(Row("a", 10, 2));
  one.Take(Row("b", 20, 2));
  BaselineMerge other;
  other.Take(Row("b", 20, 2));
  other.Take(Row("a", 10, 2));
  EXPECT_EQ(one.Result().version(), other.Result().version());
  other.Take(Row("a", 10, 1));
  EXPECT_NE(one.Result().version(), other.Result().version());
}

TEST(BaselineMergeTest, OldDaysAreForgotten) {
  BaselineMerge merge;
  merge.Take(Row("q", 10, 5, kDay));
  merge.Take(Row("q", 20, 1, 3 * kDay));
  merge.Forget(2 * kDay);
  ASSERT_EQ(merge.Result().cells_size(), 1);
  EXPECT_EQ(merge.Result().cells(0).wait_ms(), 20);
  merge.Forget(9 * kDay);
  EXPECT_TRUE(merge.Result().cells().empty());
}

TEST(BaselineMergeTest, WhatCannotCountAddsNothing) {
  BaselineMerge merge;
  merge.Take(Row("", 10, 1));
  merge.Take(Row("q", 10, 0));
  v1::TouchpointStatistics damaged = Row("q", 10, 1);
  damaged.mutable_answered_after()->add_buckets(1);
  merge.Take(damaged);
  v1::TouchpointStatistics unknown = Row("q", 10, 1);
  unknown.set_channel("channel_77");
  merge.Take(unknown);
  EXPECT_TRUE(merge.Result().cells().empty());
}

TEST(BaselineMergeTest, OfTooManyThoseWithTheMostWaitsAreIn) {
  BaselineMerge merge;
  for (size_t i = 0; i < BaselineMerge::kMostCells + 10; ++i) {
    merge.Take(Row("q" + std::to_string(i), 10, i < 100 ? 1 : 2));
  }
  // Those with one wait tie at the edge, and only some of them would fit.
  EXPECT_EQ(merge.Result().cells_size(), static_cast<int>(BaselineMerge::kMostCells) - 90);
}

}  // namespace
}  // namespace peakend::publish
