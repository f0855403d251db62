// What two policies made of one input, as a report. Pure functions.
#ifndef PEAKEND_PROCESSORS_REPLAY_REPLAY_REPORT_H_
#define PEAKEND_PROCESSORS_REPLAY_REPLAY_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "peakend/v1/replay_report.pb.h"
#include "processors/replay/policy_trace.h"

namespace peakend::replay {

// What an engine counted under one policy.
struct ReplayedPolicy {
  const PolicyTrace& trace;
  std::string policy_version;
  int64_t events = 0;
  int64_t duplicates = 0;
  int64_t late = 0;
  int64_t rejected = 0;
};

struct ReportOptions {
  TimeRange range;   // that the traces were kept for
  size_t show = 20;  // differences by name, at most
  // Ratings below are bad, under both policies; nothing = the lowest third of the first policy's
  // rated journeys, or of the second one's where those do not tell.
  std::optional<double> bad_below;
};

v1::ReplayReport CompareReplays(const ReplayedPolicy& before, const ReplayedPolicy& after,
                                const ReportOptions& options);

}  // namespace peakend::replay

#endif  // PEAKEND_PROCESSORS_REPLAY_REPLAY_REPORT_H_
