// What one event did to the customer.
#ifndef PEAKEND_PROCESSORS_JOURNEY_IMPRESSION_H_
#define PEAKEND_PROCESSORS_JOURNEY_IMPRESSION_H_

#include <cstdint>
#include <cstdlib>

#include "processors/affect/level.h"
#include "processors/journey/cause.h"
#include "processors/journey/event_ids.h"

namespace peakend::journey {

struct Impression {
  int64_t at_ms = 0;
  uint64_t event_hash = 0;
  affect::Nano valence = 0;
  affect::Nano confidence = affect::kNanoOne;
  EventIds::Ref event_id;
  bool has_confidence = false;
  Cause cause = Cause::kTurn;

  // Intensity x confidence, in 1e-9 steps; a turn's intensity is |valence|.
  int64_t Weight() const {
    return affect::DivideRounded(int64_t{std::abs(valence)} * confidence, affect::kNanoOne);
  }
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_IMPRESSION_H_
