// A generated load into the input topic, each record at its time.
#ifndef PEAKEND_PROCESSORS_CLI_LOAD_KAFKA_H_
#define PEAKEND_PROCESSORS_CLI_LOAD_KAFKA_H_

#include "processors/cli/exit_code.h"
#include "processors/cli/invocation.h"
#include "processors/cli/load_options.h"

namespace peakend::cli {

// Open loop: a record is due at an absolute time that nothing moves; one that leaves late says so
// in the histogram of lateness, and a run that was late is void (kChecksFailed). Ctrl-C ends it
// early: the manifest then says what was sent, and that the run is void.
ExitCode LoadKafka(const LoadFlags& flags, LoadOptions options, Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_LOAD_KAFKA_H_
