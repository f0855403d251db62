// `peakend notice`: announces something to many customers at once, or says that it has come
// true or was withdrawn.
#ifndef PEAKEND_PROCESSORS_CLI_NOTICE_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_NOTICE_COMMAND_H_

#include "processors/cli/command.h"

namespace peakend::cli {

Command NoticeCommand();

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_NOTICE_COMMAND_H_
