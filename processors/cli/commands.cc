#include "processors/cli/commands.h"

#include "processors/cli/version_command.h"

namespace peakend::cli {

std::vector<Command> Commands() {
  return {
      VersionCommand(),
  };
}

}  // namespace peakend::cli
