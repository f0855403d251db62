// All subcommands, in the order in which the help names them.
#ifndef PEAKEND_PROCESSORS_CLI_COMMANDS_H_
#define PEAKEND_PROCESSORS_CLI_COMMANDS_H_

#include <vector>

#include "processors/cli/command.h"

namespace peakend::cli {

std::vector<Command> Commands();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_COMMANDS_H_
