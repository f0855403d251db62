// `peakend run` against a cluster: one worker, its metrics, health and shutdown.
#ifndef PEAKEND_PROCESSORS_CLI_KAFKA_RUN_H_
#define PEAKEND_PROCESSORS_CLI_KAFKA_RUN_H_

#include "processors/cli/exit_code.h"
#include "processors/cli/invocation.h"
#include "processors/cli/run_settings.h"

namespace peakend::cli {

// Runs until SIGTERM or SIGINT, or until a final error. kUnavailable: the cluster
// cannot be reached and shutdown.fail_fast is set; kConfigError: topics are missing
// or do not fit together, or input is lost that was not accepted as lost; kForced: could not drain
// within shutdown.limit.
ExitCode RunOnKafka(const RunSettings& settings, Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_KAFKA_RUN_H_
