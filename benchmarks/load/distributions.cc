#include "benchmarks/load/distributions.h"

#include <algorithm>
#include <cmath>

namespace peakend::load {
namespace {

// log1p(x) / x and expm1(x) / x, also near 0.
double Log1pRatio(double x) {
  return std::abs(x) > 1e-8 ? std::log1p(x) / x : 1 - x * (0.5 - x / 3);
}
double Expm1Ratio(double x) {
  return std::abs(x) > 1e-8 ? std::expm1(x) / x : 1 + x * 0.5 * (1 + x / 3);
}

// The normal distribution's half in layers of equal area (Doornik 2005, after Marsaglia and Tsang
// 2000): nearly all draws end in a comparison.
constexpr size_t kLayers = 128;
constexpr double kTailFrom = 3.442619855899;
constexpr double kLayerArea = 9.91256303526217e-3;

struct Layers {
  double edge[kLayers + 1];
  double inside[kLayers];  // share of a layer that is under the curve whatever the height

  Layers() {
    double height = std::exp(-kTailFrom * kTailFrom / 2);
    edge[0] = kLayerArea / height;
    edge[1] = kTailFrom;
    for (size_t i = 2; i < kLayers; ++i) {
      edge[i] = std::sqrt(-2 * std::log(kLayerArea / edge[i - 1] + height));
      height = std::exp(-edge[i] * edge[i] / 2);
    }
    edge[kLayers] = 0;
    for (size_t i = 0; i < kLayers; ++i) inside[i] = edge[i + 1] / edge[i];
  }
};

// Beyond kTailFrom (Marsaglia 1964).
double NormalTail(RandomStream& stream) {
  while (true) {
    const double x = std::log(1 - stream.Uniform()) / kTailFrom;
    const double y = std::log(1 - stream.Uniform());
    if (-2 * y >= x * x) return kTailFrom - x;
  }
}

}  // namespace

double Normal(RandomStream& stream) {
  static const Layers layers;
  while (true) {
    // The layer's bits are not among those of the uniform number.
    const uint64_t bits = stream.Bits();
    const double u = static_cast<double>(bits >> 11) * 0x1.0p-52 - 1;
    const auto layer = static_cast<size_t>(bits & (kLayers - 1));
    if (std::abs(u) < layers.inside[layer]) return u * layers.edge[layer];
    if (layer == 0) {
      const double tail = NormalTail(stream);
      return u < 0 ? -tail : tail;
    }
    const double x = u * layers.edge[layer];
    const double below = std::exp((x * x - layers.edge[layer] * layers.edge[layer]) / 2);
    const double above = std::exp((x * x - layers.edge[layer + 1] * layers.edge[layer + 1]) / 2);
    if (above + stream.Uniform() * (below - above) < 1) return x;
  }
}

double Exponential(RandomStream& stream, double mean) {
  return -mean * std::log(1 - stream.Uniform());
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
