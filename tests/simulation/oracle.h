// Exactly once, asked of the logs alone: does a reader of committed records find what one
// undisturbed run over the same input writes, record for record?
#ifndef PEAKEND_TESTS_SIMULATION_ORACLE_H_
#define PEAKEND_TESTS_SIMULATION_ORACLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "processors/ingest/decoder.h"
#include "processors/publish/policy.h"
#include "tests/simulation/exchange_oracle.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/sim_broker.h"

namespace peakend::simulation {

struct OracleCounts {
  int64_t records = 0;
  int64_t ticks = 0;
  int64_t outputs = 0;
  ExchangeCounts exchanged;
};

// What is wrong with the logs of a broker that has come to rest; empty = nothing.
std::vector<std::string> Judge(SimBroker& broker, Pipeline pipeline, const publish::Policy& policy,
                               const ingest::Limits& limits, OracleCounts* counts);

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_ORACLE_H_
