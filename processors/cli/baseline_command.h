// `peakend baseline`: learns what customers usually wait, and tells the workers.
#ifndef PEAKEND_PROCESSORS_CLI_BASELINE_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_BASELINE_COMMAND_H_

#include "processors/cli/command.h"

namespace peakend::cli {

Command BaselineCommand();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_BASELINE_COMMAND_H_
