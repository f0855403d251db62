// What a subcommand of `peakend` is.
//
// To add one:
//   1. write processors/cli/<name>_command.{h,cc} with `Command <Name>Command();`
//   2. add the .cc to processors/cli/CMakeLists.txt, with the libraries it needs
//   3. add one line to commands.cc
// A command declares its flags in `setup` and returns what is to run; the values
// live in a shared struct that both lambdas hold:
//
//   Command TailCommand() {
//     return {.name = "tail",
//             .summary = "Print the records of a topic",
//             .examples = "peakend tail alerts --config peakend.yaml\n",
//             .takes_config = true,
//             .setup = [](CLI::App& app) -> Action {
//               auto options = std::make_shared<TailOptions>();
//               app.add_option("TOPIC", options->topic, "What to print")->required();
//               return [options](Invocation& call) { return Tail(*options, call); };
//             }};
//   }
#ifndef PEAKEND_PROCESSORS_CLI_COMMAND_H_
#define PEAKEND_PROCESSORS_CLI_COMMAND_H_

#include <functional>
#include <string>
#include <vector>

#include "processors/cli/invocation.h"

namespace CLI {
class App;
}

namespace peakend::cli {

struct Command {
  std::string name;
  // One line, no full stop.
  std::string summary;
  // Complete command lines, one a line, most common first. The help starts with
  // them.
  std::string examples = {};
  // What else there is to know, whole lines; the help ends with them.
  std::string notes = {};
  // Adds --config and -X; their values arrive in the Invocation.
  bool takes_config = false;
  // Declares flags and returns what runs. Empty when there are subcommands.
  std::function<Action(CLI::App&)> setup = nullptr;
  std::vector<Command> subcommands = {};
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_COMMAND_H_
