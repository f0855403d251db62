// Reads a file for `peakend replay`.
#ifndef PEAKEND_PROCESSORS_CLI_FILE_REPLAY_H_
#define PEAKEND_PROCESSORS_CLI_FILE_REPLAY_H_

#include <vector>

#include "peakend/v1/config.pb.h"
#include "processors/cli/file_run.h"
#include "processors/cli/invocation.h"
#include "processors/cli/replay_options.h"

namespace peakend::cli {

// One pass over options.input feeds all of `runs`. Records that are rejected are named by file
// and line, as `peakend run` does; the code is then kBadData, and what was read is complete.
Replayed ReplayFile(const ReplayOptions& options, const v1::Config& config,
                    std::vector<PolicyRun> runs, Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_FILE_REPLAY_H_
