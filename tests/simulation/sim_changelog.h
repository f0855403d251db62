// The changelog as a worker of the simulation reads it back.
//
// Thread-safety: none.
#ifndef PEAKEND_TESTS_SIMULATION_SIM_CHANGELOG_H_
#define PEAKEND_TESTS_SIMULATION_SIM_CHANGELOG_H_

#include <cstdint>
#include <functional>

#include "processors/runtime/changelog.h"
#include "tests/simulation/network.h"

namespace peakend::simulation {

class SimChangelog : public runtime::Changelog {
 public:
  // `network` must outlive the changelog.
  SimChangelog(Network& network, int worker) : network_(network), worker_(worker) {}

  absl::Status Read(
      int32_t partition, int64_t from,
      const std::function<absl::Status(const runtime::ChangelogRecord&)>& take) override;
  absl::StatusOr<int64_t> StableEnd(int32_t partition) override;

 private:
  // A request and its answer; false when none came.
  bool Fetch();

  Network& network_;
  const int worker_;
};

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_SIM_CHANGELOG_H_
