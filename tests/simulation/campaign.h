// Many seeds one after the other, and a file that says how many it has been so far.
//
// Thread-safety: none.
#ifndef PEAKEND_TESTS_SIMULATION_CAMPAIGN_H_
#define PEAKEND_TESTS_SIMULATION_CAMPAIGN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/simulation.h"

namespace peakend::simulation {

// Adds up over runs of the program.
struct CampaignResult {
  int64_t seeds = 0;
  uint64_t next_seed = 0;  // the first one not tried
  double cpu_seconds = 0;
  std::vector<uint64_t> failed_seeds;
  Coverage coverage;

  std::string ToJson() const;
  static absl::StatusOr<CampaignResult> FromJson(const std::string& json);
};

// Runs one seed and adds it to `result`.
Verdict RunSeed(uint64_t seed, const PlanLimits& limits, CampaignResult* result);

// What to tell about a seed that failed: the shortest plan that still does, its
// violations, and how to repeat it.
std::string Explain(uint64_t seed, const PlanLimits& limits);

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_CAMPAIGN_H_
