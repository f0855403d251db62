// What one run of the simulation is made of, as data: a seed and a list of faults.
//
// The same plan gives the same run, byte for byte. Taking a fault out leaves the others
// as they are, so that a failing plan can be shortened; a plan is kept as text.
#ifndef PEAKEND_TESTS_SIMULATION_PLAN_H_
#define PEAKEND_TESTS_SIMULATION_PLAN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/simulation/network.h"

namespace peakend::simulation {

struct Fault {
  enum class Kind : uint8_t {
    kRequest,    // one request of the worker meets `disturbance`
    kCrash,      // dies between two turns; starts again after `steps`
    kStop,       // stops in good order; starts again after `steps`
    kPause,      // stands still for `steps`, while `ms` pass: a zombie afterwards
    kTwin,       // a second process starts under the same names
    kCut,        // the broker restarts and answers nobody for `ms`
    kCompact,    // the changelog is compacted
    kJump,       // `ms` pass at once
    kRebalance,  // somebody who never asks for records comes and goes
    kDisk,       // the worker's snapshots, by `ms` modulo 4: gone, damaged, the ones
                 // before them, or no room for new ones until the next such fault
  };
  int64_t step = 0;
  int worker = 0;
  Kind kind = Kind::kCrash;
  int64_t steps = 0;
  int64_t ms = 0;
  Disturbance disturbance;
};

enum class Pipeline : uint8_t {
  kEngine,  // the worker
  kCopy,    // copies each record: the transactional sink alone, fast
};

// Whether the policy links customers.
enum class Linking : uint8_t {
  kNone,
  kShort,  // and what links them is forgotten while the run lasts
  kLong,   // and nothing is forgotten
  kCrowd,  // and more belong to one of them than a host keeps apart
};

struct Plan {
  uint64_t seed = 0;
  Pipeline pipeline = Pipeline::kEngine;
  int workers = 1;
  int partitions = 1;
  int64_t steps = 400;
  int64_t records = 150;
  bool static_members = false;
  bool fresh_ids = false;  // a new transactional id for each life of a worker
  Linking linking = Linking::kNone;
  bool own_policy = false;    // drawn from the seed, instead of the small one
  bool policies = false;      // the input states others
  std::vector<Fault> faults;  // by step
};

struct PlanLimits {
  Pipeline pipeline = Pipeline::kEngine;
  int workers = 0;                 // 0 = drawn from the seed
  std::optional<Linking> linking;  // nothing = drawn from the seed
};

Plan DrawPlan(uint64_t seed, const PlanLimits& limits);

std::string_view ToText(Linking linking);
std::optional<Linking> LinkingFromText(std::string_view text);
std::string ToText(const Fault& fault);
std::string ToText(const Plan& plan);
// Errors: InvalidArgument with the line that is wrong.
absl::StatusOr<Plan> PlanFromText(std::string_view text);

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_PLAN_H_
