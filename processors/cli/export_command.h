// `peakend export`: rows of one kind into a file that other databases load.
#ifndef PEAKEND_PROCESSORS_CLI_EXPORT_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_EXPORT_COMMAND_H_

#include "processors/cli/command.h"

namespace peakend::cli {

Command ExportCommand();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_EXPORT_COMMAND_H_
