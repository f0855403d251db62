// The text of --help: what it does, examples, usage, flags, subcommands.
#ifndef PEAKEND_PROCESSORS_CLI_COMMAND_HELP_H_
#define PEAKEND_PROCESSORS_CLI_COMMAND_HELP_H_

#include <string>

#include "processors/cli/command.h"

namespace CLI {
class App;
}

namespace peakend::cli {

// `path` is the command as typed, e.g. "peakend config show".
std::string CommandHelp(const Command& command, const CLI::App& app, const std::string& path);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_COMMAND_HELP_H_
