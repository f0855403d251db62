// The rule of the peers' job (benchmarks/peers/README.md) in plain C++: one
// customer's state and what one event makes of it. Pure; nothing here is shared.
#ifndef PEAKEND_BENCHMARKS_PEERS_NAIVE_JOURNEY_RULE_H_
#define PEAKEND_BENCHMARKS_PEERS_NAIVE_JOURNEY_RULE_H_

#include <cstdint>

#include "peer_job.pb.h"

namespace peakend::peers {

// What of a customer is kept. A new one has had no event.
struct JourneyState {
  int64_t start_ms = 0;
  int64_t last_ms = 0;
  uint32_t count = 0;
  int32_t sum_milli = 0;
  int32_t worst_milli = 0;
  int32_t best_milli = 0;
  double tail = 0;  // -1 to 1, newest event counts a quarter
  bool alerted = false;
  bool changed = false;  // since the last commit; not written
};

struct StepOutput {
  bool journey = false;  // `Step` filled its journey
  bool alert = false;    // `Step` filled its alert
};

// Applies `event` to `state`; fills `journey` and `alert` where the rule writes one.
// Both are reused by the caller: what they held before is lost.
StepOutput Step(const Event& event, JourneyState& state, Journey& journey, Alert& alert);

CustomerState ToRecord(const JourneyState& state);
JourneyState FromRecord(const CustomerState& record);

}  // namespace peakend::peers

#endif  // PEAKEND_BENCHMARKS_PEERS_NAIVE_JOURNEY_RULE_H_
