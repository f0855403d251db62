// Whether the input topic holds the load that a manifest describes.
#ifndef PEAKEND_PROCESSORS_CLI_LOAD_CHECK_H_
#define PEAKEND_PROCESSORS_CLI_LOAD_CHECK_H_

#include <string>
#include <vector>

#include "processors/cli/exit_code.h"
#include "processors/cli/invocation.h"

namespace peakend::cli {

// `manifests` are those of all shards of one load. Compares records, bytes and the digest of all
// keys and values. kChecksFailed where they differ, with both numbers; a void load, or manifests
// of several loads, are said to be that (kUsage).
ExitCode CheckLoad(const std::vector<std::string>& manifests, Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_LOAD_CHECK_H_
