// peakend doctor: looks at the cluster and the job in it, and says what is wrong,
// what that means and what to do.
#ifndef PEAKEND_PROCESSORS_CLI_DOCTOR_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_DOCTOR_COMMAND_H_

#include "processors/cli/command.h"

namespace peakend::cli {

Command DoctorCommand();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_DOCTOR_COMMAND_H_
