// `peakend test`: proves a policy on stories.
#ifndef PEAKEND_PROCESSORS_CLI_TEST_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_TEST_COMMAND_H_

#include "processors/cli/command.h"

namespace peakend::cli {

Command TestCommand();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_TEST_COMMAND_H_
