// `peakend unmerge`: a customer belongs to nobody else, for good (docs/identity.md).
//
// Thread-safety: pure.
#ifndef PEAKEND_PROCESSORS_CLI_UNMERGE_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_UNMERGE_COMMAND_H_

#include "processors/cli/command.h"

namespace peakend::cli {

Command UnmergeCommand();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_UNMERGE_COMMAND_H_
