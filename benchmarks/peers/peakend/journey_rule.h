// The rule of the peers' job (benchmarks/peers/README.md): one customer's journey,
// and what one event makes of it.
//
// Thread-safety: pure functions over a value.
#ifndef PEAKEND_BENCHMARKS_PEERS_PEAKEND_JOURNEY_RULE_H_
#define PEAKEND_BENCHMARKS_PEERS_PEAKEND_JOURNEY_RULE_H_

#include <cstdint>

namespace peakend::peer_job {

struct Journey {
  int64_t start_ms = 0;
  int64_t last_ms = 0;
  double tail = 0;     // -1 to 1, the newest event counts a quarter
  uint32_t count = 0;  // 0 = no event yet
  int32_t sum_milli = 0;
  int32_t worst_milli = 0;
  int32_t best_milli = 0;
  bool alerted = false;
};

// An event at `at_ms` belongs to another journey.
bool IsOver(const Journey& journey, int64_t at_ms);

// Takes an event of this journey. True = an alert is due.
bool Take(int64_t at_ms, int32_t valence_milli, Journey& journey);

double Score(const Journey& journey);

// In thousandths; halves go up, in every language the same.
int32_t Milli(double value);

}  // namespace peakend::peer_job

#endif  // PEAKEND_BENCHMARKS_PEERS_PEAKEND_JOURNEY_RULE_H_
