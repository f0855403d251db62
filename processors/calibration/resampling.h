// Samples of a sample: folds that nobody is in twice, and intervals by the bootstrap
// (Efron 1979). The unit is the customer: journeys of one customer are alike.
//
// The same seed gives the same numbers on every machine. Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_CALIBRATION_RESAMPLING_H_
#define PEAKEND_PROCESSORS_CALIBRATION_RESAMPLING_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/types/span.h"
#include "processors/calibration/rated_journey.h"

namespace peakend::calibration {

struct Interval {
  double low = 0;
  double high = 0;
};

// The middle 95 % around an estimate with this standard error, in many cases.
inline Interval Around(double estimate, double error) {
  constexpr double kSides = 1.96;
  return {estimate - kSides * error, estimate + kSides * error};
}

// The fold in [0, folds) of each journey; all of a customer's have the same.
std::vector<int> FoldsOf(const RatedJourneys& journeys, int folds, uint64_t seed);

// Indices of journeys by customer, in the order in which customers first come.
std::vector<std::vector<size_t>> ByCustomer(const RatedJourneys& journeys);

// The middle 95 % of what `statistic` says of `repeats` samples of as many groups, drawn with
// replacement; it is given indices of members. Of no group: {0, 0}.
Interval Bootstrap(const std::vector<std::vector<size_t>>& groups, int repeats, uint64_t seed,
                   const std::function<double(absl::Span<const size_t>)>& statistic);

}  // namespace peakend::calibration

#endif  // PEAKEND_PROCESSORS_CALIBRATION_RESAMPLING_H_
