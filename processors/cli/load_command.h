// `peakend load`: events of a contact center that does not exist, at a rate that is kept.
#ifndef PEAKEND_PROCESSORS_CLI_LOAD_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_LOAD_COMMAND_H_

#include "processors/cli/command.h"

namespace peakend::cli {

Command LoadCommand();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_LOAD_COMMAND_H_
