// `peakend sink`: rows for warehouses from Kafka into a database.
#ifndef PEAKEND_PROCESSORS_CLI_SINK_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_SINK_COMMAND_H_

#include "processors/cli/command.h"

namespace peakend::cli {

Command SinkCommand();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_SINK_COMMAND_H_
