#include "benchmarks/peers/peakend/journey_rule.h"

#include <algorithm>
#include <cmath>

namespace peakend::peer_job {
namespace {

constexpr int64_t kSilenceMs = 1'800'000;
constexpr double kAlertBelow = -0.4;
constexpr double kRecoverAbove = -0.2;

}  // namespace

bool IsOver(const Journey& journey, int64_t at_ms) {
  return journey.count > 0 && at_ms - journey.last_ms > kSilenceMs;
}

bool Take(int64_t at_ms, int32_t valence_milli, Journey& journey) {
  const double valence = valence_milli / 1000.0;
  if (journey.count == 0) {
    journey.start_ms = at_ms;
    journey.tail = valence;
    journey.worst_milli = journey.best_milli = valence_milli;
  } else {
    journey.tail = 0.75 * journey.tail + 0.25 * valence;
    journey.worst_milli = std::min(journey.worst_milli, valence_milli);
    journey.best_milli = std::max(journey.best_milli, valence_milli);
  }
  ++journey.count;
  journey.sum_milli += valence_milli;
  journey.last_ms = at_ms;
  const double score = Score(journey);
  const bool due = !journey.alerted && score < kAlertBelow;
  if (due) {
    journey.alerted = true;
  } else if (score > kRecoverAbove) {
    journey.alerted = false;
  }
  return due;
}

double Score(const Journey& journey) {
  return 0.1 * (journey.worst_milli / 1000.0) + 0.9 * journey.tail;
}

int32_t Milli(double value) { return static_cast<int32_t>(std::floor(value * 1000 + 0.5)); }

}  // namespace peakend::peer_job
