// peakend topics: makes the topics of the configuration.
#ifndef PEAKEND_PROCESSORS_CLI_TOPICS_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_TOPICS_COMMAND_H_

#include "processors/cli/command.h"

namespace peakend::cli {

Command TopicsCommand();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_TOPICS_COMMAND_H_
