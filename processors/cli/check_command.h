// peakend check: everything that is wrong with a configuration or policy, before
// it is put to work.
#ifndef PEAKEND_PROCESSORS_CLI_CHECK_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_CHECK_COMMAND_H_

#include "processors/cli/command.h"

namespace peakend::cli {

Command CheckCommand();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_CHECK_COMMAND_H_
