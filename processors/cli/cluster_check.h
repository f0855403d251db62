// Whether the cluster of a configuration is there, and its topics fit.
#ifndef PEAKEND_PROCESSORS_CLI_CLUSTER_CHECK_H_
#define PEAKEND_PROCESSORS_CLI_CLUSTER_CHECK_H_

#include "peakend/v1/config.pb.h"
#include "peakend/v1/policy.pb.h"
#include "processors/cli/invocation.h"

namespace peakend::cli {

struct ClusterVerdict {
  // kOk, kChecksFailed (topics), kUnavailable or kConfigError.
  ExitCode code = ExitCode::kOk;
  // Differences that do not keep `run` from starting.
  size_t warnings = 0;
};

// Asks the brokers, for at most 10 s, and says on `err` what is not as it should
// be.
ClusterVerdict CheckCluster(const v1::Config& config, const v1::Policy& policy, Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_CLUSTER_CHECK_H_
