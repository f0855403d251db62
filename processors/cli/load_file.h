// A generated load into a file, as fast as it can be made.
#ifndef PEAKEND_PROCESSORS_CLI_LOAD_FILE_H_
#define PEAKEND_PROCESSORS_CLI_LOAD_FILE_H_

#include "processors/cli/exit_code.h"
#include "processors/cli/invocation.h"
#include "processors/cli/load_options.h"

namespace peakend::cli {

// As `peakend produce` and `peakend run --input` read it; bad records, which no such file can
// hold, are left out and counted as lost. A file that is there already is left as it is.
ExitCode LoadFile(const LoadFlags& flags, LoadOptions options, Invocation& call);

// Writes nothing: says how fast the generator is, and what the load would hold.
ExitCode CountLoad(const LoadFlags& flags, LoadOptions options, Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_LOAD_FILE_H_
