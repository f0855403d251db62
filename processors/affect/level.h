// Levels and weights as integers, so that sums never depend on their order.
#ifndef PEAKEND_PROCESSORS_AFFECT_LEVEL_H_
#define PEAKEND_PROCESSORS_AFFECT_LEVEL_H_

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace peakend::affect {

// A number in [-1, 1] in steps of 1e-9.
using Nano = int32_t;
inline constexpr Nano kNanoOne = 1'000'000'000;

// Rounds half away from zero; clamps to [-1, 1]. REQUIRES: x is not NaN.
inline Nano ToNano(double x) {
  return static_cast<Nano>(std::lround(std::clamp(x, -1.0, 1.0) * kNanoOne));
}
inline double ToDouble(int64_t nano) { return static_cast<double>(nano) / kNanoOne; }

// numerator / denominator rounded half away from zero. REQUIRES: denominator > 0.
inline int64_t DivideRounded(int64_t numerator, int64_t denominator) {
  const int64_t half = denominator / 2;
  return numerator >= 0 ? (numerator + half) / denominator : -((-numerator + half) / denominator);
}

}  // namespace peakend::affect

#endif  // PEAKEND_PROCESSORS_AFFECT_LEVEL_H_
