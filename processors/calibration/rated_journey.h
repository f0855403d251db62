// A closed journey as calibration sees it: what the score is made of, what happened in it,
// and, where somebody said so, how it was for the customer.
#ifndef PEAKEND_PROCESSORS_CALIBRATION_RATED_JOURNEY_H_
#define PEAKEND_PROCESSORS_CALIBRATION_RATED_JOURNEY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace peakend::calibration {

// Something that a journey may have had, good or bad: a cause of impressions, or a touchpoint.
struct Experience {
  std::string factor;  // "cause:hold", "touchpoint:check-in"
  double valence = 0;  // in [-1, 1]; of several of one factor the strongest
};

struct RatedJourney {
  std::string journey_id;
  std::string customer;  // tenant + "/" + customer: what folds and resamples keep together
  int64_t started_at_ms = 0;
  int64_t ended_at_ms = 0;
  int64_t impressions = 0;
  // Levels in [-1, 1]; absent = there was none.
  std::optional<double> score, opening, peak_positive, peak_negative, worst, last, tail, mean;
  std::vector<Experience> experiences;  // each factor once
  // In [0, 1], higher is better; absent = nobody answered.
  std::optional<double> outcome;
};

using RatedJourneys = std::vector<RatedJourney>;

}  // namespace peakend::calibration

#endif  // PEAKEND_PROCESSORS_CALIBRATION_RATED_JOURNEY_H_
