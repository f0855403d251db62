// `peakend policy`: work on policy files.
#ifndef PEAKEND_PROCESSORS_CLI_POLICY_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_POLICY_COMMAND_H_

#include "processors/cli/command.h"

namespace peakend::cli {

Command PolicyCommand();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_POLICY_COMMAND_H_
