// Whether rated journeys can say anything about those of everybody: how many there are, whether
// their answers differ, and whether those who answer are like those who do not.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_CALIBRATION_SAMPLE_H_
#define PEAKEND_PROCESSORS_CALIBRATION_SAMPLE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "processors/calibration/rated_journey.h"
#include "processors/calibration/resampling.h"

namespace peakend::calibration {

// Fewer rated journeys than these say nothing that would hold next month.
inline constexpr int64_t kLeastRated = 300;

enum class Finding : uint8_t {
  // Refusals: no figure is given.
  kTooFew,    // rated journeys with a score: fewer than kLeastRated
  kOneClass,  // all answers are nearly the same
  // Warnings.
  kOnlyExtremes,     // nine in ten answers lie at either end of the scale
  kFewAnswer,        // of the journeys fewer than one in twenty were rated
  kAnswerersDiffer,  // scores of rated journeys differ clearly from those of the others
};

struct Sample {
  int64_t journeys = 0;
  int64_t without_score = 0;  // which are left aside
  int64_t rated = 0;          // with a score
  double outcome_mean = 0;    // of the rated
  double share_low = 0;       // answers of at most 0.1 of the scale
  double share_high = 0;      // and of at least 0.9
  // Mean score of the rated less that of the others, with its 95 % interval; absent = there
  // are fewer than 30 of either.
  std::optional<double> score_difference;
  Interval score_difference_interval;
  std::vector<Finding> findings;  // refusals first

  bool refused() const { return !findings.empty() && findings.front() <= Finding::kOneClass; }
};

Sample Examine(const RatedJourneys& journeys);

// Those with a score and an outcome, in their order.
RatedJourneys Usable(const RatedJourneys& journeys);

}  // namespace peakend::calibration

#endif  // PEAKEND_PROCESSORS_CALIBRATION_SAMPLE_H_
