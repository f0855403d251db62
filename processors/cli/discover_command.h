// peakend discover: which causes and touchpoints move what customers say, by how much, and what
// kind of expectation they meet.
#ifndef PEAKEND_PROCESSORS_CLI_DISCOVER_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_DISCOVER_COMMAND_H_

#include "processors/cli/command.h"

namespace peakend::cli {

Command DiscoverCommand();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_DISCOVER_COMMAND_H_
