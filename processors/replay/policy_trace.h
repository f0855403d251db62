// What one policy said about an input, as far as a comparison needs it: alerts as they were
// raised, journeys that customers rated, contacts counted.
//
// Takes output records in the order of writing; of a journey and of a row of statistics the last
// one counts. Bounded: kMostAlerts alerts and as many rated journeys and rows of statistics; what
// would be more ends it. Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_REPLAY_POLICY_TRACE_H_
#define PEAKEND_PROCESSORS_REPLAY_POLICY_TRACE_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "peakend/v1/alert.pb.h"
#include "peakend/v1/journey.pb.h"
#include "peakend/v1/touchpoint_statistics.pb.h"
#include "processors/replay/outcome_quality.h"
#include "processors/replay/raised_alert.h"

namespace peakend::replay {

// Event times [from_ms, until_ms).
struct TimeRange {
  int64_t from_ms = std::numeric_limits<int64_t>::min();
  int64_t until_ms = std::numeric_limits<int64_t>::max();

  bool Holds(int64_t at_ms) const { return from_ms <= at_ms && at_ms < until_ms; }
};

class PolicyTrace {
 public:
  static constexpr size_t kMostAlerts = 1'000'000;

  // Keeps alerts that occurred in `range`, journeys that began in it, and the contacts of windows
  // of statistics that began in it. `most` = the bound.
  explicit PolicyTrace(const TimeRange& range, size_t most = kMostAlerts)
      : range_(range), most_(most) {}

  void Take(const v1::Alert& alert);
  void Take(const v1::Journey& journey);
  void Take(const v1::TouchpointStatistics& row);

  // ResourceExhausted when the bound was passed: what is here is not everything.
  const absl::Status& status() const { return status_; }
  // In the order in which they were raised.
  const std::vector<RaisedAlert>& alerts() const { return alerts_; }
  // By id.
  std::vector<RatedJourney> RatedJourneys() const;
  int64_t Contacts() const;

 private:
  bool HasRoom(size_t size, const char* of_what);

  const TimeRange range_;
  const size_t most_;
  absl::Status status_;
  std::vector<RaisedAlert> alerts_;
  absl::flat_hash_map<std::string, RatedJourney> rated_;
  absl::flat_hash_map<std::string, int64_t> contacts_;  // by row of statistics
};

}  // namespace peakend::replay

#endif  // PEAKEND_PROCESSORS_REPLAY_POLICY_TRACE_H_
