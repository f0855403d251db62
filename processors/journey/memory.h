// What stays of a customer's journeys when they are over: the worst and the best moment,
// the last end, how they usually go, how long the customer waits, and what they wanted last.
//
// Small on purpose: it is kept of everybody, idle ones included. Times are minutes since
// 1970, levels steps of 1e-4; a level fades by half in each half-life, so what is
// remembered is a level and when it was as strong as that.
//
// Thread-safety: a value.
#ifndef PEAKEND_PROCESSORS_JOURNEY_MEMORY_H_
#define PEAKEND_PROCESSORS_JOURNEY_MEMORY_H_

#include <cstdint>

#include "peakend/v1/customer_state.pb.h"
#include "processors/affect/level.h"
#include "processors/journey/need.h"
#include "processors/journey/record_bytes.h"
#include "processors/journey/usual_wait.h"

namespace peakend::journey {

// In steps of 1e-4, [-10000, 10000].
using RememberedLevel = int16_t;

inline constexpr affect::Nano kNanoPerRemembered = 100'000;
RememberedLevel ToRemembered(affect::Nano level);
inline affect::Nano FromRemembered(RememberedLevel level) { return level * kNanoPerRemembered; }

// The minute that holds `at_ms`; at least 1, since 0 means never.
uint32_t MinuteOf(int64_t at_ms);
inline int64_t MinuteMs(uint32_t minute) { return int64_t{minute} * 60'000; }

// What is left of `level` when `minutes` have passed: level * 2^-(minutes / half_life),
// rounded half away from zero. In integers, so that every machine forgets alike; within
// 2 steps of the formula. REQUIRES: half_life_ms > 0.
RememberedLevel Faded(RememberedLevel level, int64_t minutes, int64_t half_life_ms);

struct Memory {
  uint32_t worst_minute = 0;
  uint32_t best_minute = 0;
  uint32_t end_minute = 0;
  uint32_t last_minute = 0;  // the last contact was over; 0 = nothing is remembered
  uint32_t need_minute = 0;  // so was the last in which the customer sought help; 0 = none
  NeedTrace need;
  UsualWaits usual_waits;     // until an answer
  RememberedLevel worst = 0;  // <= 0; 0 = there was none
  RememberedLevel best = 0;   // >= 0
  RememberedLevel end = 0;
  RememberedLevel usual = 0;     // score of the customer's journeys: a mean of about the last 8
  uint8_t usual_journeys = 0;    // that had one; 255 = or more
  uint8_t channel = 0;           // v1::Channel of the last contact; 255 = a larger number
  bool has_end : 1 = false;      // else no feeling was known
  bool unrecovered : 1 = false;  // nothing was made good after the worst peak
  bool resolved : 1 = false;     // the last journey ended by a resolution

  bool empty() const { return last_minute == 0; }
  // Nothing of it counts any more for what begins at `at_ms`: more than `memory_ms` after the
  // last contact, in whole minutes; always when nothing is remembered. It follows from the
  // customer's own events: in which order, and beside whose, they come makes no difference.
  bool FadedAway(int64_t at_ms, int64_t memory_ms) const {
    return int64_t{MinuteOf(at_ms)} - last_minute > memory_ms / MinuteMs(1);
  }
  friend bool operator==(const Memory&, const Memory&) = default;
};

// Writes the fields of its record.
void Save(const Memory& memory, RecordBytes& record);
// REQUIRES: the record was checked.
Memory FromRecord(const v1::CustomerState::Memory& record);

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_MEMORY_H_
