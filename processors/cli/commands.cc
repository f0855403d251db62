#include "processors/cli/commands.h"

#include "processors/cli/import_command.h"
#include "processors/cli/run_command.h"
#include "processors/cli/version_command.h"

namespace peakend::cli {

std::vector<Command> Commands() {
  return {
      ImportCommand(),
      RunCommand(),
      VersionCommand(),
  };
}

}  // namespace peakend::cli
