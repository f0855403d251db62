// Draws against the distributions' own functions: Kolmogorov-Smirnov where they are continuous,
// chi-square where they are not. Seeds are fixed, so a test that passed passes.
#include "benchmarks/load/distributions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "benchmarks/load/random_stream.h"

namespace peakend::load {
namespace {

constexpr int kDraws = 20'000;

RandomStream Stream(uint64_t number) { return RandomStream(7, Purpose::kPlan, number); }

// The largest distance of the draws' share to `cdf`, times sqrt(n): above 1.63 in one case of a
// hundred.
double Distance(const std::function<double(RandomStream&)>& draw,
                const std::function<double(double)>& cdf) {
  RandomStream stream = Stream(1);
  std::vector<double> draws(kDraws);
  for (double& value : draws) value = draw(stream);
  std::sort(draws.begin(), draws.end());
  double distance = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double expected = cdf(draws[static_cast<size_t>(i)]);
    distance = std::max({distance, std::abs(expected - static_cast<double>(i) / kDraws),
                         std::abs(static_cast<double>(i + 1) / kDraws - expected)});
  }
  return distance * std::sqrt(kDraws);
}

double NormalCdf(double x) { return std::erfc(-x / std::sqrt(2.0)) / 2; }

// By Simpson's rule from `from` on, in so many steps.
double Integral(const std::function<double(double)>& f, double from, double to) {
  constexpr int kSteps = 400;
  const double step = (to - from) / kSteps;
  double sum = f(from) + f(to);
  for (int i = 1; i < kSteps; ++i) sum += f(from + i * step) * (i % 2 == 1 ? 4 : 2);
  return sum * step / 3;
}

TEST(DistributionsTest, UniformIsEven) {
  EXPECT_LT(Distance([](RandomStream& s) { return s.Uniform(); }, [](double x) { return x; }),
            1.63);
}

TEST(DistributionsTest, NormalIsNormal) { EXPECT_LT(Distance(Normal, NormalCdf), 1.63); }

TEST(DistributionsTest, ExponentialHasItsMean) {
  EXPECT_LT(Distance([](RandomStream& s) { return Exponential(s, 300); },
                     [](double x) { return 1 - std::exp(-x / 300); }),
            1.63);
}

TEST(DistributionsTest, LogNormalHasItsMedianAndSigma) {
  EXPECT_LT(Distance([](RandomStream& s) { return LogNormal(s, 114, 1); },
                     [](double x) { return NormalCdf(std::log(x / 114)); }),
            1.63);
  RandomStream stream = Stream(2);
  EXPECT_EQ(LogNormal(stream, 0, 1), 0);
}

TEST(DistributionsTest, GammaOfLargeAndSmallShapes) {
  for (const double shape : {0.4, 1.0, 2.5, 69.4}) {
    const auto density = [&](double x) {
      return std::exp((shape - 1) * std::log(x) - x - std::lgamma(shape));
    };
    // x = y^4 tames the density at 0.
    const auto cdf = [&](double x) {
      return Integral([&](double y) { return y <= 0 ? 0 : density(y * y * y * y) * 4 * y * y * y; },
                      0, std::pow(x, 0.25));
    };
    EXPECT_LT(Distance([&](RandomStream& s) { return Gamma(s, shape); }, cdf), 1.63) << shape;
  }
}

TEST(DistributionsTest, BetaOfReturns) {
  const double a = 1.46;
  const double b = 2.6;
  const double scale = std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b);
  const auto cdf = [&](double x) {
    return Integral(
        [&](double t) {
          return t <= 0 || t >= 1
                     ? 0
                     : std::exp(scale + (a - 1) * std::log(t) + (b - 1) * std::log1p(-t));
        },
        0, x);
  };
  EXPECT_LT(Distance([&](RandomStream& s) { return Beta(s, a, b); }, cdf), 1.63);
}

// Chi-square of counts against expected shares; what has fewer than five expected is one cell.
double ChiSquare(const std::vector<int>& counts, const std::vector<double>& shares, int* cells) {
  double sum = 0;
  double rest_expected = kDraws;
  int rest_counted = kDraws;
  *cells = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    const double expected = shares[i] * kDraws;
    if (expected < 5) continue;
    sum += (counts[i] - expected) * (counts[i] - expected) / expected;
    rest_expected -= expected;
    rest_counted -= counts[i];
    ++*cells;
  }
  if (rest_expected > 5) {
    sum += (rest_counted - rest_expected) * (rest_counted - rest_expected) / rest_expected;
    ++*cells;
  }
  return sum;
}

// Above this in one case of a thousand (Wilson and Hilferty 1931).
double Limit(int cells) {
  const double degrees = cells - 1;
  const double root = 1 - 2 / (9 * degrees) + 3.09 * std::sqrt(2 / (9 * degrees));
  return degrees * root * root * root;
}

TEST(DistributionsTest, PoissonCounts) {
  for (const double mean : {0.3, 4.0, 60.0}) {
    RandomStream stream = Stream(3);
    std::vector<int> counts(200);
    for (int i = 0; i < kDraws; ++i) ++counts[static_cast<size_t>(Poisson(stream, mean))];
    std::vector<double> shares(counts.size());
    for (size_t k = 0; k < shares.size(); ++k) {
      const auto count = static_cast<double>(k);
      shares[k] = std::exp(count * std::log(mean) - mean - std::lgamma(count + 1));
    }
    int cells = 0;
    const double sum = ChiSquare(counts, shares, &cells);
    EXPECT_LT(sum, Limit(cells)) << mean;
  }
}

TEST(DistributionsTest, ZipfByRank) {
  for (const double exponent : {0.0, 0.8, 1.0, 1.3, 2.0}) {
    const uint64_t count = 1000;
    const Zipf zipf(count, exponent);
    RandomStream stream = Stream(4);
    std::vector<int> counts(count);
    for (int i = 0; i < kDraws; ++i) ++counts[zipf.Draw(stream) - 1];
    std::vector<double> shares(count);
    double sum = 0;
    for (size_t k = 0; k < count; ++k) {
      sum += shares[k] = std::pow(static_cast<double>(k + 1), -exponent);
    }
    for (double& share : shares) share /= sum;
    int cells = 0;
    const double chi_square = ChiSquare(counts, shares, &cells);
    EXPECT_LT(chi_square, Limit(cells)) << exponent;
  }
}

TEST(DistributionsTest, ZipfOfOneAndOfManyStayInRange) {
  RandomStream stream = Stream(5);
  const Zipf one(1, 1.05);
  const Zipf many(1'000'000'000, 1.05);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(one.Draw(stream), 1U);
    const uint64_t rank = many.Draw(stream);
    EXPECT_GE(rank, 1U);
    EXPECT_LE(rank, 1'000'000'000U);
  }
}

TEST(RandomStreamTest, IsTheSameEverywhere) {
  RandomStream stream(1, Purpose::kPlan, 2);
  const uint64_t first = stream.Bits();
  EXPECT_EQ(first, 11363263075679179664ULL);
  EXPECT_NE(RandomStream(2, Purpose::kPlan, 2).Bits(), first);
  EXPECT_NE(RandomStream(1, Purpose::kCustomer, 2).Bits(), first);
  EXPECT_NE(RandomStream(1, Purpose::kPlan, 3).Bits(), first);
}

TEST(RandomStreamTest, NeighboursHaveNothingInCommon) {
  // Of 64 bits about half differ; 12 standard deviations around it.
  for (uint64_t number = 0; number < 1000; ++number) {
    const uint64_t a = RandomStream(1, Purpose::kScript, number).Bits();
    const uint64_t b = RandomStream(1, Purpose::kScript, number + 1).Bits();
    EXPECT_NEAR(std::popcount(a ^ b), 32, 24);
  }
}

TEST(RandomStreamTest, BelowIsEven) {
  RandomStream stream = Stream(6);
  std::vector<int> counts(7);
  for (int i = 0; i < kDraws; ++i) ++counts[stream.Below(7)];
  int cells = 0;
  EXPECT_LT(ChiSquare(counts, std::vector<double>(7, 1.0 / 7), &cells), Limit(7));
}

}  // namespace
}  // namespace peakend::load
