// peakend inspect: the committed state of a customer or a partition, as the
// changelog holds it.
#ifndef PEAKEND_PROCESSORS_CLI_INSPECT_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_INSPECT_COMMAND_H_

#include "processors/cli/command.h"

namespace peakend::cli {

Command InspectCommand();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_INSPECT_COMMAND_H_
