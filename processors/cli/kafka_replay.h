// Reads a stretch of the input topic for `peakend replay`.
#ifndef PEAKEND_PROCESSORS_CLI_KAFKA_REPLAY_H_
#define PEAKEND_PROCESSORS_CLI_KAFKA_REPLAY_H_

#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "peakend/v1/config.pb.h"
#include "peakend/v1/replay_report.pb.h"
#include "processors/cli/file_run.h"
#include "processors/cli/invocation.h"
#include "processors/cli/replay_options.h"

namespace peakend::cli {

struct KafkaReplayed {
  Replayed replayed;
  std::optional<v1::InputLoss> lost;
};

// What was written into the input topic in [from, until) feeds all of `runs`, committed records
// only. Joins no group and writes nothing. Records that were rejected are counted alone: the
// topic holds them for good. What linked customers told each other under the policy of that time
// is left out where one of `runs` links customers, who tell each other anew.
KafkaReplayed ReplayKafka(const v1::Config& config, const std::vector<PolicyRun>& runs,
                          absl::Time from, absl::Time until, Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_KAFKA_REPLAY_H_
