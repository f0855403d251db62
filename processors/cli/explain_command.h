// `peakend explain`: why an alert came, why a journey has its score.
#ifndef PEAKEND_PROCESSORS_CLI_EXPLAIN_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_EXPLAIN_COMMAND_H_

#include "processors/cli/command.h"

namespace peakend::cli {

Command ExplainCommand();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_EXPLAIN_COMMAND_H_
