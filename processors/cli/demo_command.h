// `peakend demo`: see it work on a small day, with nothing to set up.
#ifndef PEAKEND_PROCESSORS_CLI_DEMO_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_DEMO_COMMAND_H_

#include "processors/cli/command.h"

namespace peakend::cli {

Command DemoCommand();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_DEMO_COMMAND_H_
