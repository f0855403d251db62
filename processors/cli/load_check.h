// Whether the input topic holds the load that a manifest describes.
#ifndef PEAKEND_PROCESSORS_CLI_LOAD_CHECK_H_
#define PEAKEND_PROCESSORS_CLI_LOAD_CHECK_H_

#include "processors/cli/exit_code.h"
#include "processors/cli/invocation.h"
#include "processors/cli/load_options.h"

namespace peakend::cli {

// `flags.check` names the manifests of all shards of one load. Compares records, bytes and the
// digest of all keys and values. kChecksFailed where they differ, with both numbers, and with the
// reason where the topic holds another load and the profile is known: a preset, or that of
// `flags`. Manifests of several loads are said to be that (kUsage).
ExitCode CheckLoad(const LoadFlags& flags, Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_LOAD_CHECK_H_
