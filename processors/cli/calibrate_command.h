// peakend calibrate: what the score is worth against what customers said, and whether other
// weights would be worth more.
#ifndef PEAKEND_PROCESSORS_CLI_CALIBRATE_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_CALIBRATE_COMMAND_H_

#include "processors/cli/command.h"

namespace peakend::cli {

Command CalibrateCommand();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_CALIBRATE_COMMAND_H_
