// peakend version: what this program is made of.
#ifndef PEAKEND_PROCESSORS_CLI_VERSION_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_VERSION_COMMAND_H_

#include "processors/cli/command.h"

namespace peakend::cli {

Command VersionCommand();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_VERSION_COMMAND_H_
