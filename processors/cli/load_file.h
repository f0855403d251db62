// A generated load into a file, as fast as it can be made.
#ifndef PEAKEND_PROCESSORS_CLI_LOAD_FILE_H_
#define PEAKEND_PROCESSORS_CLI_LOAD_FILE_H_

#include "processors/cli/exit_code.h"
#include "processors/cli/invocation.h"
#include "processors/cli/load_options.h"

namespace peakend::cli {

// As `peakend produce` and `peakend run --input` read it; bad records, which no such file can
// hold, are left out. A file that is there already is left as it is; of one that does not become
// whole, because of a signal or a full disk, nothing is left, and the next call can make it.
ExitCode LoadFile(const LoadFlags& flags, LoadOptions options, Invocation& call);

// Writes nothing: says how fast the generator is, and what the load would hold.
ExitCode CountLoad(const LoadFlags& flags, LoadOptions options, Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_LOAD_FILE_H_
