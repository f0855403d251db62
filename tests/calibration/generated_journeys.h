// Journeys with effects that are known because they were planted.
#ifndef PEAKEND_TESTS_CALIBRATION_GENERATED_JOURNEYS_H_
#define PEAKEND_TESTS_CALIBRATION_GENERATED_JOURNEYS_H_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/calibration/rated_journey.h"

namespace peakend::calibration {

// A factor and what it does to the outcome where it goes badly and where it goes well.
struct Planted {
  std::string factor;
  double penalty = 0;
  double reward = 0;
};

class JourneyMaker {
 public:
  explicit JourneyMaker(uint64_t seed) : random_(seed) {}

  double Uniform() { return static_cast<double>(random_() >> 11) * 0x1p-53; }
  // Nearly normal, mean 0 and deviation 1 (the sum of twelve uniform numbers).
  double Noise() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += Uniform();
    return sum;
  }

  // Each factor is there in two of five journeys, badly in half of them; who meets one bad thing
  // meets others more easily, as in life.
  RatedJourneys WithFactors(const std::vector<Planted>& planted, size_t count) {
    RatedJourneys journeys(count);
    for (size_t i = 0; i < count; ++i) {
      RatedJourney& journey = journeys[i];
      journey.customer = absl::StrCat("t/c", i);
      const double luck = 0.2 * Noise();
      double outcome = 0.5 + 0.15 * Noise();
      for (const Planted& factor : planted) {
        if (Uniform() > 0.4) continue;
        const bool bad = Uniform() + luck < 0.5;
        journey.experiences.push_back({factor.factor, bad ? -0.5 : 0.5});
        outcome += bad ? factor.penalty : factor.reward;
      }
      journey.score = std::clamp(luck, -1.0, 1.0);
      journey.outcome = std::clamp(outcome, 0.0, 1.0);
    }
    return journeys;
  }

  // Levels at random; the outcome follows the worst by `worst` and the tail by `tail`.
  RatedJourneys WithParts(double worst, double tail, size_t count) {
    RatedJourneys journeys(count);
    for (size_t i = 0; i < count; ++i) {
      RatedJourney& journey = journeys[i];
      journey.customer = absl::StrCat("t/c", i / 2);
      journey.tail = 2 * Uniform() - 1;
      journey.worst = std::min(*journey.tail, 2 * Uniform() - 1);
      journey.mean = 2 * Uniform() - 1;
      journey.last = *journey.tail;
      journey.score = 0.1 * *journey.worst + 0.9 * *journey.tail;
      const double felt = worst * *journey.worst + tail * *journey.tail + 0.2 * Noise();
      journey.outcome = std::clamp(0.5 + felt / 2, 0.0, 1.0);
    }
    return journeys;
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace peakend::calibration

#endif  // PEAKEND_TESTS_CALIBRATION_GENERATED_JOURNEYS_H_
