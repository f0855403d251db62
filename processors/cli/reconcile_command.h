// `peakend reconcile`: whether PostgreSQL holds what the row topics hold.
#ifndef PEAKEND_PROCESSORS_CLI_RECONCILE_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_RECONCILE_COMMAND_H_

#include "processors/cli/command.h"

namespace peakend::cli {

Command ReconcileCommand();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_RECONCILE_COMMAND_H_
