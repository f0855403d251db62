// peakend import: files of other forms as InteractionEvents on standard output.
#ifndef PEAKEND_PROCESSORS_CLI_IMPORT_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_IMPORT_COMMAND_H_

#include "processors/cli/command.h"

namespace peakend::cli {

Command ImportCommand();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_IMPORT_COMMAND_H_
