#include "benchmarks/load/distributions.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace peakend::load {
namespace {

// log1p(x) / x and expm1(x) / x, also near 0.
double Log1pRatio(double x) {
  return std::abs(x) > 1e-8 ? std::log1p(x) / x : 1 - x * (0.5 - x / 3);
}
double Expm1Ratio(double x) {
  return std::abs(x) > 1e-8 ? std::expm1(x) / x : 1 + x * 0.5 * (1 + x / 3);
}

}  // namespace

double Normal(RandomStream& stream) {
  // The order of two draws in one expression is the compiler's choice.
  const double radius = std::sqrt(-2 * std::log1p(-stream.Uniform()));
  return radius * std::cos(2 * std::numbers::pi * stream.Uniform());
}

double Exponential(RandomStream& stream, double mean) {
  return -mean * std::log1p(-stream.Uniform());
}

double LogNormal(RandomStream& stream, double median, double sigma) {
  return median * std::exp(sigma * Normal(stream));
}

double Gamma(RandomStream& stream, double shape) {
  if (shape < 1) {
    const double raised = Gamma(stream, shape + 1);
    return raised * std::pow(1 - stream.Uniform(), 1 / shape);
  }
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double normal = Normal(stream);
    const double root = 1 + c * normal;
    if (root <= 0) continue;
    const double v = root * root * root;
    const double uniform = 1 - stream.Uniform();
    if (std::log(uniform) < normal * normal / 2 + d - d * v + d * std::log(v)) return d * v;
  }
}

double Beta(RandomStream& stream, double a, double b) {
  const double first = Gamma(stream, a);
  const double second = Gamma(stream, b);
  return first + second > 0 ? first / (first + second) : 0;
}

int Poisson(RandomStream& stream, double mean) {
  const double limit = std::exp(-mean);
  int count = 0;
  for (double product = stream.Uniform(); product > limit; product *= stream.Uniform()) ++count;
  return count;
}

Zipf::Zipf(uint64_t count, double exponent)
    : count_(static_cast<double>(count)),
      exponent_(exponent),
      integral_first_(Integral(1.5) - 1),
      integral_last_(Integral(count_ + 0.5)),
      squeeze_(2 - IntegralInverse(Integral(2.5) - Hat(2))) {}

double Zipf::Integral(double x) const {
  const double log_x = std::log(x);
  return Expm1Ratio((1 - exponent_) * log_x) * log_x;
}

double Zipf::IntegralInverse(double x) const {
  const double t = std::max(-1.0, x * (1 - exponent_));
  return std::exp(Log1pRatio(t) * x);
}

double Zipf::Hat(double x) const { return std::exp(-exponent_ * std::log(x)); }

uint64_t Zipf::Draw(RandomStream& stream) const {
  while (true) {
    const double u = integral_last_ + stream.Uniform() * (integral_first_ - integral_last_);
    const double x = IntegralInverse(u);
    const double rank = std::clamp(std::floor(x + 0.5), 1.0, count_);
    if (rank - x <= squeeze_ || u >= Integral(rank + 0.5) - Hat(rank)) {
      return static_cast<uint64_t>(rank);
    }
  }
}

}  // namespace peakend::load
