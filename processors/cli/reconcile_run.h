// `peakend reconcile` at work: one snapshot of PostgreSQL, then the topics up to where the sink had
// come in it.
#ifndef PEAKEND_PROCESSORS_CLI_RECONCILE_RUN_H_
#define PEAKEND_PROCESSORS_CLI_RECONCILE_RUN_H_

#include <functional>

#include "absl/status/statusor.h"
#include "peakend/v1/config.pb.h"
#include "processors/cli/invocation.h"
#include "processors/cli/reconciliation.h"

namespace peakend::cli {

// Of the enabled kinds of rows, in their order. Changes nothing, and keeps a transaction of
// PostgreSQL open while it runs. `stop` is asked often. Errors: FailedPrecondition = the schema is
// not as it must be, or the sink has never run; ResourceExhausted = too many rows, with the remedy;
// Cancelled = `stop` said so; those of Postgres and KafkaReader.
absl::StatusOr<Reconciliation> Reconcile(const ReconcileOptions& options, const v1::Config& config,
                                         const std::function<bool()>& stop, Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_RECONCILE_RUN_H_
