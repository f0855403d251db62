// Rows of the topics journeys and moments as calibration sees them: the newest version of each,
// without those that were withdrawn, and what customers said of them elsewhere.
//
// Memory: one journey and four numbers a cause for each row that is there. Thread-safety: one
// thread.
#ifndef PEAKEND_PROCESSORS_CALIBRATION_JOURNEY_ROWS_H_
#define PEAKEND_PROCESSORS_CALIBRATION_JOURNEY_ROWS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "peakend/v1/journey.pb.h"
#include "peakend/v1/moment.pb.h"
#include "processors/calibration/rated_journey.h"

namespace peakend::calibration {

// Answers that never were in the stream, in [0, 1], by contact id or journey id.
using Ratings = absl::flat_hash_map<std::string, double>;

class JourneyRows {
 public:
  // In any order; an older version than one that is known, or the same, changes nothing.
  void Take(const v1::Journey& row);
  void Take(const v1::Moment& row);

  int64_t size() const { return static_cast<int64_t>(journeys_.size()); }

  // Of all journeys that stand, in the order of start, then id. The outcome is what `ratings`
  // says of the journey or of one of its contacts (the latest that is rated), else its survey.
  RatedJourneys Collect(const Ratings& ratings) const;

 private:
  absl::flat_hash_map<std::string, v1::Journey> journeys_;
  absl::flat_hash_map<std::string, v1::Moment> moments_;
};

}  // namespace peakend::calibration

#endif  // PEAKEND_PROCESSORS_CALIBRATION_JOURNEY_ROWS_H_
