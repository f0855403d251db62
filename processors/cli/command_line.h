// Finds the command that the arguments ask for, and runs it.
//
// Thread-safety: call once per process or test; nothing is kept between calls.
#ifndef PEAKEND_PROCESSORS_CLI_COMMAND_LINE_H_
#define PEAKEND_PROCESSORS_CLI_COMMAND_LINE_H_

#include <string>
#include <vector>

#include "processors/cli/command.h"

namespace peakend::cli {

// Runs `peakend args...`. `base` carries streams and environment; its flags are
// filled here. An unknown subcommand or flag is answered on `err` with the
// nearest one and kUsage. Exceptions of a command end in kBug.
ExitCode RunCommandLine(const std::vector<Command>& commands, std::vector<std::string> args,
                        Invocation base);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_COMMAND_LINE_H_
