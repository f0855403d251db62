// Draws from the distributions that contact centers are described by.
//
// Thread-safety: pure functions of the stream's state.
#ifndef PEAKEND_BENCHMARKS_LOAD_DISTRIBUTIONS_H_
#define PEAKEND_BENCHMARKS_LOAD_DISTRIBUTIONS_H_

#include <cstdint>

#include "benchmarks/load/random_stream.h"

namespace peakend::load {

// Mean 0, standard deviation 1, by the ziggurat method (Doornik 2005).
double Normal(RandomStream& stream);

// REQUIRES: mean >= 0.
double Exponential(RandomStream& stream, double mean);

// exp(N(log(median), sigma)). A median of 0 gives 0.
double LogNormal(RandomStream& stream, double median, double sigma);

// Of scale 1 (Marsaglia and Tsang 2000). REQUIRES: shape > 0.
double Gamma(RandomStream& stream, double shape);

// In [0, 1]. REQUIRES: a, b > 0.
double Beta(RandomStream& stream, double a, double b);

// By multiplying (Knuth 1969). REQUIRES: 0 <= mean <= 100.
int Poisson(RandomStream& stream, double mean);

// Ranks 1 to `count`, rank k with a chance in proportion to k^-exponent, by rejection-inversion
// (Hörmann and Derflinger 1996): no table, whatever the count.
class Zipf {
 public:
  // REQUIRES: count > 0, exponent >= 0.
  Zipf(uint64_t count, double exponent);
  uint64_t Draw(RandomStream& stream) const;

 private:
  double Integral(double x) const;         // of the hat, up to a constant
  double IntegralInverse(double x) const;  // of Integral
  double Hat(double x) const;

  double count_;
  double exponent_;
  double integral_first_;
  double integral_last_;
  double squeeze_;
};

}  // namespace peakend::load

#endif  // PEAKEND_BENCHMARKS_LOAD_DISTRIBUTIONS_H_
