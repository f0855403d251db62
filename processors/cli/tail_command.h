// peakend tail: shows the records of a topic.
#ifndef PEAKEND_PROCESSORS_CLI_TAIL_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_TAIL_COMMAND_H_

#include "processors/cli/command.h"

namespace peakend::cli {

Command TailCommand();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_TAIL_COMMAND_H_
