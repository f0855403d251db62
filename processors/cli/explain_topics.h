// An explanation from the topics of a running installation: the row from the output topics,
// the events from the partition of the input topic that the row's `source` names.
//
// That partition is processed anew in this process, by the configured policy, through the
// record that made the row: nothing is written anywhere. Of customers who are linked it is the
// partition of the one in whose journey the contacts stand now: what the others bring was
// handed over into it. Where an alert began with one of the others, their partition is
// processed as well, for what became of the alert there.
//
// Thread-safety: one thread.
#ifndef PEAKEND_PROCESSORS_CLI_EXPLAIN_TOPICS_H_
#define PEAKEND_PROCESSORS_CLI_EXPLAIN_TOPICS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "peakend/v1/explanation.pb.h"
#include "processors/cli/invocation.h"
#include "processors/cli/run_settings.h"

namespace peakend::cli {

// Reads each partition from its beginning, or from the broker timestamp `since_ms` on: faster,
// but what the customer remembers of before, what was handed over before, and which alerts the
// budget let pass, may be other then. Errors: NotFound says what was searched; those of
// KafkaReader.
absl::StatusOr<v1::Explanation> ExplainFromTopics(const std::string& asked,
                                                  const RunSettings& settings,
                                                  std::optional<int64_t> since_ms,
                                                  Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_EXPLAIN_TOPICS_H_
