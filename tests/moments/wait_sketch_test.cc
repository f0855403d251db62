// Sketches of waits against the waits themselves.
#include "processors/moments/wait_sketch.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace peakend::moments {
namespace {

WaitSketch Of(const std::vector<int64_t>& waits) {
  WaitSketch sketch;
  for (const int64_t wait : waits) sketch.Add(wait);
  return sketch;
}

std::string Bytes(const WaitSketch& sketch) {
  v1::Sketch record;
  sketch.Save(&record);
  return record.SerializeAsString();
}

rc::Gen<std::vector<int64_t>> Waits() {
  return rc::gen::container<std::vector<int64_t>>(rc::gen::oneOf(
      rc::gen::inRange<int64_t>(0, 100), rc::gen::inRange<int64_t>(0, int64_t{1} << 41)));
}

TEST(WaitSketchTest, QuantilesAreWithinAThirtySecond) {
  EXPECT_TRUE(rc::check([] {
    std::vector<int64_t> waits = *rc::gen::nonEmpty(Waits());
    const double share = *rc::gen::inRange(0, 1001) / 1000.0;
    const WaitSketch sketch = Of(waits);
    for (int64_t& wait : waits) wait = std::min(wait, WaitSketch::kMostMs);
    std::sort(waits.begin(), waits.end());
    const auto rank =
        static_cast<size_t>(std::max(1.0, std::ceil(share * static_cast<double>(waits.size()))));
    const auto exact = static_cast<double>(waits[rank - 1]);
    RC_ASSERT(std::abs(static_cast<double>(sketch.Quantile(share)) - exact) <= exact / 32);
  }));
}

TEST(WaitSketchTest, TheSketchOfAllIsTheSumOfTheirSketches) {
  EXPECT_TRUE(rc::check([] {
    const std::vector<int64_t> some = *Waits();
    const std::vector<int64_t> others = *Waits();
    std::vector<int64_t> all = others;
    all.insert(all.end(), some.begin(), some.end());
    WaitSketch merged = Of(some);
    merged.Merge(Of(others));
    RC_ASSERT(Bytes(merged) == Bytes(Of(all)));
    RC_ASSERT(merged.count() == static_cast<int64_t>(all.size()));
  }));
}

TEST(WaitSketchTest, ComesBackFromItsRecord) {
  EXPECT_TRUE(rc::check([] {
    const WaitSketch sketch = Of(*Waits());
    v1::Sketch record;
    sketch.Save(&record);
    const auto restored = WaitSketch::FromRecord(record);
    RC_ASSERT(restored.ok());
    RC_ASSERT(Bytes(*restored) == Bytes(sketch));
  }));
}

TEST(WaitSketchTest, RecordsThatNobodyWroteAreRefused) {
  v1::Sketch record;
  record.add_buckets(3);
  EXPECT_FALSE(WaitSketch::FromRecord(record).ok());
  record.add_counts(1);
  EXPECT_TRUE(WaitSketch::FromRecord(record).ok());
  record.add_buckets(3);
  record.add_counts(1);
  EXPECT_FALSE(WaitSketch::FromRecord(record).ok()) << "not ascending";
  record.set_buckets(1, 100'000);
  EXPECT_FALSE(WaitSketch::FromRecord(record).ok()) << "no such bucket";
  record.set_buckets(1, 4);
  record.set_counts(1, 0);
  EXPECT_FALSE(WaitSketch::FromRecord(record).ok()) << "an empty bucket";
}

}  // namespace
}  // namespace peakend::moments
