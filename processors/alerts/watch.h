// What the rules that judge events see of one: the worst that it did to the customer,
// and what the journey comes to with it.
//
// Thread-safety: a pure function.
#ifndef PEAKEND_PROCESSORS_ALERTS_WATCH_H_
#define PEAKEND_PROCESSORS_ALERTS_WATCH_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "processors/affect/level.h"
#include "processors/alerts/scene.h"
#include "processors/journey/cause.h"

namespace peakend::alerts {

struct Watched {
  // Valence x confidence; nothing when the event did nothing to the customer.
  std::optional<affect::Nano> impression;
  journey::Cause cause = journey::Cause::kTurn;
  bool impression_is_newest = false;
  std::optional<affect::Nano> score;
  int64_t count = 0;  // impressions of the journey
};

// True when the event stands for a fact that an impression may have come of.
bool ServiceMayHaveActed(const Occasion& occasion);

Watched Watch(const Occasion& occasion);

// How many of the journey's `turns` latest turns lie below `enter`.
size_t NegativeTurns(const Occasion& occasion, size_t turns, affect::Nano enter);

}  // namespace peakend::alerts

#endif  // PEAKEND_PROCESSORS_ALERTS_WATCH_H_
