// `peakend sink postgres` at work: signals, log, admin port, and the loop between Kafka and
// PostgreSQL.
#ifndef PEAKEND_PROCESSORS_CLI_SINK_RUN_H_
#define PEAKEND_PROCESSORS_CLI_SINK_RUN_H_

#include "processors/cli/exit_code.h"
#include "processors/cli/invocation.h"
#include "processors/cli/loaded_config.h"
#include "processors/cli/sink_options.h"

namespace peakend::cli {

// Runs until a signal, or until the end with exit_at_end, and is then kBadData when there were
// dead letters. At least one kind of rows must be on.
ExitCode RunSink(const SinkOptions& options, const LoadedConfig& loaded, Invocation& call);

// Prints what RunSink would do: migrations, tables, and where each topic would be read from.
// Changes nothing. kChecksFailed = it could not run as things are.
ExitCode DescribeSink(const SinkOptions& options, const LoadedConfig& loaded, Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_SINK_RUN_H_
