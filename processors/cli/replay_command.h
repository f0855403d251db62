// `peakend replay`: what would another policy have raised?
#ifndef PEAKEND_PROCESSORS_CLI_REPLAY_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_REPLAY_COMMAND_H_

#include "processors/cli/command.h"

namespace peakend::cli {

Command ReplayCommand();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_REPLAY_COMMAND_H_
