// Which experiences move the outcome, by how much, and what kind of expectation they meet.
//
// One regression over all rated journeys: for each factor (a cause, a touchpoint) whether it
// went badly and whether it went well, so that each is judged with the others held still.
// What is found among many is held against the share of false findings (Benjamini and
// Hochberg 1995). A factor that only hurts is basic, one that only delights an excitement, one
// that does both a matter of performance: penalty-reward contrast (Brandt 1987), whose use for
// KANO classes is disputed, so that people decide.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_CALIBRATION_DISCOVERY_H_
#define PEAKEND_PROCESSORS_CALIBRATION_DISCOVERY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "processors/calibration/rated_journey.h"
#include "processors/calibration/resampling.h"
#include "processors/calibration/sample.h"

namespace peakend::calibration {

enum class Class : uint8_t { kBasic, kPerformance, kExcitement };

// Of one side of a factor, with all others held still.
struct Effect {
  int64_t journeys = 0;  // in which it went so
  bool judged = false;   // there were enough of them
  double outcome = 0;    // change of the outcome, which lies in [0, 1]
  double error = 0;      // its standard error
  Interval interval;     // 95 %
  double p = 1;          // two-sided, if there were no effect
  bool found = false;    // at the false discovery rate that was asked for
};

struct Factor {
  std::string name;
  Effect penalty;             // went badly: valence below 0
  Effect reward;              // went well: valence above 0
  std::optional<Class> kano;  // nothing = the data do not say
};

struct DiscoveryOptions {
  double false_discovery_rate = 0.05;
  int64_t least_journeys = 30;  // with and without it, to judge a side
};

struct Discovery {
  Sample sample;
  double r_squared = 0;         // share of the outcome's scatter that the factors explain
  std::vector<Factor> factors;  // the largest effect first
};

// Journeys without a score count too, as long as they have an outcome. Where the sample is
// refused only `sample` is set.
Discovery Discover(const RatedJourneys& journeys, const DiscoveryOptions& options);

}  // namespace peakend::calibration

#endif  // PEAKEND_PROCESSORS_CALIBRATION_DISCOVERY_H_
