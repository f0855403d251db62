// Waits, before a worker starts, until the cluster has the topics that it needs.
//
// Thread-safety: none; one owner.
#ifndef PEAKEND_PROCESSORS_CLI_CLUSTER_WAIT_H_
#define PEAKEND_PROCESSORS_CLI_CLUSTER_WAIT_H_

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "processors/cli/run_settings.h"
#include "processors/runtime/health.h"
#include "processors/runtime/kafka_admin.h"
#include "processors/runtime/log.h"

namespace peakend::cli {

class ClusterWait {
 public:
  // All must outlive this. `stop` says that the process is to end.
  ClusterWait(const RunSettings& settings, runtime::Logger& log, runtime::HealthBoard& health,
              std::function<bool()> stop)
      : settings_(settings), log_(log), health_(health), stop_(std::move(stop)) {}

  // How many partitions the input has, once the topics are there and fit together. Tries until
  // then or until a stop; for missing topics only so long. Errors: Cancelled = the stop;
  // InvalidArgument = topics do not fit; NotFound = they are missing; Unavailable = with
  // shutdown.fail_fast.
  absl::StatusOr<int32_t> Await();

  // Tells that the process is alive meanwhile. Errors: Cancelled = the stop.
  absl::Status Pause(absl::Duration pause);

 private:
  void WaitsFor(const char* what, const absl::Status& status, absl::Duration pause);
  absl::Status Verdict(const runtime::ClusterDescription& cluster) const;

  const RunSettings& settings_;
  runtime::Logger& log_;
  runtime::HealthBoard& health_;
  const std::function<bool()> stop_;
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_CLUSTER_WAIT_H_
