#include "benchmarks/load/latency_histogram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "benchmarks/load/distributions.h"

namespace peakend::load {
namespace {

using ::testing::HasSubstr;

TEST(LatencyHistogramTest, WithoutValuesIsNothing) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.count(), 0);
  EXPECT_EQ(histogram.Quantile(0.99), 0);
  EXPECT_EQ(histogram.Quantiles().max(), 0);
}

TEST(LatencyHistogramTest, QuantilesAreThoseOfTheSortedValues) {
  RandomStream stream(1, Purpose::kPlan, 1);
  LatencyHistogram histogram;
  std::vector<int64_t> values;
  for (int i = 0; i < 50'000; ++i) {
    values.push_back(static_cast<int64_t>(LogNormal(stream, 3'000, 2.5)));
    histogram.Record(values.back());
  }
  std::sort(values.begin(), values.end());
  for (const double q : {0.0, 0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 1.0}) {
    const auto rank =
        std::max<size_t>(1, static_cast<size_t>(std::ceil(q * static_cast<double>(values.size()))));
    const auto exact = static_cast<double>(std::min(values[rank - 1], LatencyHistogram::kMostUs));
    const auto told = static_cast<double>(histogram.Quantile(q));
    EXPECT_GE(told, exact) << q;
    EXPECT_LE(told, exact * 1.001 + 1) << q;
  }
  EXPECT_EQ(histogram.Quantiles().max(), histogram.max_us());
}

TEST(LatencyHistogramTest, EdgesOfPieces) {
  for (const int64_t us :
       std::vector<int64_t>{0, 1, 2047, 2048, 2049, 4095, 4096, 1'000'000, 3'599'999'999}) {
    LatencyHistogram histogram;
    histogram.Record(us);
    histogram.Record(LatencyHistogram::kMostUs);
    EXPECT_GE(histogram.Quantile(0.5), us);
    EXPECT_LE(histogram.Quantile(0.5), us + us / 1000 + 1);
  }
}

TEST(LatencyHistogramTest, NegativeAndHugeValuesAreKept) {
  LatencyHistogram histogram;
  histogram.Record(-5);
  histogram.Record(INT64_MAX);
  EXPECT_EQ(histogram.count(), 2);
  EXPECT_EQ(histogram.negative(), 1);
  EXPECT_EQ(histogram.Quantiles().negative(), 1);
  EXPECT_EQ(histogram.Quantile(0), 0);
  EXPECT_EQ(histogram.max_us(), LatencyHistogram::kMostUs);
}

TEST(LatencyHistogramTest, TwoTogetherAreOne) {
  LatencyHistogram together;
  LatencyHistogram even;
  LatencyHistogram odd;
  for (int64_t us = 0; us < 10'000; us += 7) {
    together.Record(us);
    (us % 2 == 0 ? even : odd).Record(us);
  }
  even.Add(odd);
  EXPECT_EQ(even.Hgrm(), together.Hgrm());
}

TEST(LatencyHistogramTest, IsReadByHdrHistogramsTools) {
  LatencyHistogram histogram;
  histogram.Record(1000);
  histogram.Record(3000);
  const std::string text = histogram.Hgrm();
  EXPECT_THAT(text, HasSubstr("        1000 0.500000000000          1           2.00\n"));
  EXPECT_THAT(text, HasSubstr("        3000 1.000000000000          2\n"));
  EXPECT_THAT(text, HasSubstr("Total count = 2]"));
}

}  // namespace
}  // namespace peakend::load
