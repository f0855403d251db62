// Other arrivals of the same events, which must make no difference.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_SCENARIOS_ARRIVAL_ORDERS_H_
#define PEAKEND_PROCESSORS_SCENARIOS_ARRIVAL_ORDERS_H_

#include <string>
#include <vector>

#include "processors/scenarios/scenario_event.h"

namespace peakend::scenarios {

// Below the default allowed lateness of 1 h and out-of-orderness of 5 s.
inline constexpr int64_t kReorderMs = 3'600'000;

struct Arrival {
  std::string what;  // "reversed within the lateness"
  std::vector<InputLine> lines;
};

// Reversed, shuffled, every event twice, and the two together. Events change places only
// within kReorderMs of each other. The same lines always give the same arrivals.
std::vector<Arrival> OtherArrivals(const std::vector<InputLine>& lines);

}  // namespace peakend::scenarios

#endif  // PEAKEND_PROCESSORS_SCENARIOS_ARRIVAL_ORDERS_H_
