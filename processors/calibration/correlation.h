// How well one series of numbers goes along with another.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_CALIBRATION_CORRELATION_H_
#define PEAKEND_PROCESSORS_CALIBRATION_CORRELATION_H_

#include <vector>

#include "absl/types/span.h"

namespace peakend::calibration {

// In [-1, 1]; 0 where one of the two does not vary, or there are fewer than two. REQUIRES:
// equal sizes.
double Pearson(absl::Span<const double> x, absl::Span<const double> y);

// Ranks from 1, of ties their mean.
std::vector<double> Ranks(absl::Span<const double> values);

// The correlation of ranks (Spearman 1904): any rising relation counts in full.
double Spearman(absl::Span<const double> x, absl::Span<const double> y);

}  // namespace peakend::calibration

#endif  // PEAKEND_PROCESSORS_CALIBRATION_CORRELATION_H_
