// The `peakend` program: hands arguments, environment and terminal to the
// command line.
#include <unistd.h>

#include <iostream>
#include <string>
#include <vector>

#include "processors/cli/command_line.h"
#include "processors/cli/commands.h"

namespace peakend::cli {
namespace {

std::map<std::string, std::string> ReadEnvironment(char** environment) {
  std::map<std::string, std::string> variables;
  for (; *environment != nullptr; ++environment) {
    const std::string entry = *environment;
    const size_t equals = entry.find('=');
    if (equals != std::string::npos) variables[entry.substr(0, equals)] = entry.substr(equals + 1);
  }
  return variables;
}

int Main(int argc, char** argv, char** environment) {
  std::ios::sync_with_stdio(false);
  Invocation call;
  call.in = &std::cin;
  call.out = &std::cout;
  call.err = &std::cerr;
  call.environment = ReadEnvironment(environment);
  const auto no_color = call.environment.find("NO_COLOR");
  const bool color = no_color == call.environment.end() || no_color->second.empty();
  call.color_out = color && isatty(STDOUT_FILENO) != 0;
  call.terminal_err = isatty(STDERR_FILENO) != 0;
  call.color_err = color && call.terminal_err;
  const ExitCode code =
      RunCommandLine(Commands(), std::vector<std::string>(argv + 1, argv + argc), std::move(call));
  std::cout.flush();
  return static_cast<int>(code);
}

}  // namespace
}  // namespace peakend::cli

int main(int argc, char** argv) { return peakend::cli::Main(argc, argv, environ); }
