// Where `calibrate` and `discover` get journeys from, and what customers said of them.
//
// Rows come from files (what `run --output` and `tail --json` print) or, without any, from the
// topics journeys and moments; outcomes from the surveys in the rows, from a table of ratings,
// or from what customers did later by the events.
//
// Thread-safety: one thread.
#ifndef PEAKEND_PROCESSORS_CLI_RATED_SOURCE_H_
#define PEAKEND_PROCESSORS_CLI_RATED_SOURCE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "processors/calibration/rated_journey.h"
#include "processors/cli/exit_code.h"
#include "processors/cli/invocation.h"

namespace CLI {
class App;
}

namespace peakend::cli {

struct RatedSource {
  std::vector<std::string> rows;     // files; - = standard input; empty = the topics
  std::vector<std::string> ratings;  // tables id,rating,min,max
  std::string outcome = "survey";    // or repurchase, churn
  int within_days = 30;              // of repurchase and churn
  std::vector<std::string> events;   // files; of repurchase and churn
};

void AddRatedSource(CLI::App& app, RatedSource& source);

// Of `rows` instead of source.rows, where somebody else's are asked for. Errors (not printed):
// InvalidArgument and DataLoss name file and line, NotFound a file that is not there;
// FailedPrecondition = the configuration, which was printed; else the cluster.
absl::StatusOr<calibration::RatedJourneys> ReadRated(const RatedSource& source,
                                                     const std::vector<std::string>& rows,
                                                     Invocation& call);

// Prints what ReadRated failed with.
ExitCode ReportUnread(const absl::Status& status, Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_RATED_SOURCE_H_
