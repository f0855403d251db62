// `peakend run`: the main job, on Kafka or on a file.
#ifndef PEAKEND_PROCESSORS_CLI_RUN_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_RUN_COMMAND_H_

#include "processors/cli/command.h"

namespace peakend::cli {

Command RunCommand();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_RUN_COMMAND_H_
