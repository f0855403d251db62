// peakend produce: writes events of a file to the input topic.
#ifndef PEAKEND_PROCESSORS_CLI_PRODUCE_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_PRODUCE_COMMAND_H_

#include "processors/cli/command.h"

namespace peakend::cli {

Command ProduceCommand();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_PRODUCE_COMMAND_H_
