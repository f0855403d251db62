// The line of JSON that every peer prints: what it has cost so far.
#ifndef PEAKEND_BENCHMARKS_PEERS_COST_LINE_H_
#define PEAKEND_BENCHMARKS_PEERS_COST_LINE_H_

#include <cstdint>
#include <string>

namespace peakend::peers {

// {"events":N,"wall_s":since `started_s`,"cpu_s":of all threads,"rss_mb":now}
std::string CostLine(int64_t events, double started_s);

// Seconds of a clock that never goes back.
double SteadySeconds();

}  // namespace peakend::peers

#endif  // PEAKEND_BENCHMARKS_PEERS_COST_LINE_H_
