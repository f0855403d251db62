// One call of `peakend`: what a command is given when it runs.
//
// Results go to `out`, talk goes to `err`; nothing else of the process (clock,
// environment, terminal) is touched by the parsing.
#ifndef PEAKEND_PROCESSORS_CLI_INVOCATION_H_
#define PEAKEND_PROCESSORS_CLI_INVOCATION_H_

#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "processors/cli/exit_code.h"

namespace peakend::cli {

// One call of the program. Streams outlive it; none is null.
struct Invocation {
  std::istream* in = nullptr;
  std::ostream* out = nullptr;  // results: what a pipe reads
  std::ostream* err = nullptr;  // talk: what a person reads
  // A terminal and no NO_COLOR.
  bool color_out = false;
  bool color_err = false;
  // Whether `err` is a terminal: progress is for it alone.
  bool terminal_err = false;
  // Variables of the process, PEAKEND_* and others.
  std::map<std::string, std::string> environment;

  // Flags that every command knows.
  bool quiet = false;  // --quiet: only errors on `err`
  int verbosity = 0;   // -v, -vv

  // Flags of commands with takes_config.
  std::string config_file;             // --config F; empty = none
  std::vector<std::string> overrides;  // -X key=value, in order
};

// What a command does once its flags are known.
using Action = std::function<ExitCode(Invocation&)>;

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_INVOCATION_H_
