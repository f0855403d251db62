// What a score is worth against what customers said, and whether other weights would be worth
// more: always on journeys that were not used to find them.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_CALIBRATION_CALIBRATION_H_
#define PEAKEND_PROCESSORS_CALIBRATION_CALIBRATION_H_

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "processors/calibration/least_squares.h"
#include "processors/calibration/rated_journey.h"
#include "processors/calibration/resampling.h"
#include "processors/calibration/sample.h"

namespace peakend::calibration {

// What predicts the outcome of journeys that were held out.
struct HeldOut {
  double spearman = 0;
  double pearson = 0;
  // Mean distance from the outcome, which lies in [0, 1], once mapped onto it by a line.
  double error = 0;
  // Of spearman over that of the published score, and its 95 % interval over customers.
  double gain = 0;
  Interval gain_interval;
};

// Regressors of the parts, in the order of Calibration::parts.slopes. Where a journey has none,
// it counts as 0, neutral.
inline constexpr std::array<std::string_view, 7> kParts = {
    "opening", "peak_positive", "peak_negative", "worst", "last", "tail", "mean"};

struct CalibrationOptions {
  uint64_t seed = 1;
  int folds = 5;       // where no journeys are held out by whoever asks
  int repeats = 1000;  // of the bootstrap
};

struct Calibration {
  Sample sample;             // of what was fitted
  int64_t held_out = 0;      // journeys that the figures are of
  bool by_folds = false;     // each journey was held out once
  HeldOut score;             // as published
  HeldOut weights;           // worst_weight x worst + the rest x tail, weight fitted
  HeldOut parts_regression;  // all parts, each with its own weight
  HeldOut mean;              // the plain mean, for comparison
  double worst_weight = 0;   // that fits best, in steps of 0.05
  Line map;                  // outcome = intercept + slope x score
  Line parts;                // outcome from kParts

  // Other weights are worth it: their gain is above 0 with its whole interval.
  bool other_weights_pay() const { return weights.gain_interval.low > 0; }
};

// Fits to `journeys` and says what that is worth on `held_out`, or, where that is empty, on
// each fold of the journeys with what was fitted to the others. Journeys without a score or an
// outcome are left aside. Where the sample is refused only `sample` is set.
Calibration Calibrate(const RatedJourneys& journeys, const RatedJourneys& held_out,
                      const CalibrationOptions& options);

}  // namespace peakend::calibration

#endif  // PEAKEND_PROCESSORS_CALIBRATION_CALIBRATION_H_
