// peakend config: what can be set, what is set, and where it came from.
#ifndef PEAKEND_PROCESSORS_CLI_CONFIG_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_CONFIG_COMMAND_H_

#include "processors/cli/command.h"

namespace peakend::cli {

Command ConfigCommand();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_CONFIG_COMMAND_H_
