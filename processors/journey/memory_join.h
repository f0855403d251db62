// What is remembered of two customers who turn out to be one.
//
// Commutative, and to join once more changes nothing, so that a memory may come again.
// The usual score is the one that more journeys made: means do not join.
#ifndef PEAKEND_PROCESSORS_JOURNEY_MEMORY_JOIN_H_
#define PEAKEND_PROCESSORS_JOURNEY_MEMORY_JOIN_H_

#include <cstdint>

#include "processors/journey/memory.h"

namespace peakend::journey {

// Time after which a peak counts half.
struct PeakHalfLives {
  int64_t worst_ms = 0;
  int64_t best_ms = 0;
};

// Of each peak the one that is stronger at the later one's time; of the end, the last contact
// and the need the later one; of a channel's usual wait the one that more waits made.
// REQUIRES: the half-lives are > 0.
Memory Join(const Memory& a, const Memory& b, const PeakHalfLives& half_lives);

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_MEMORY_JOIN_H_
