// What alerts are worth as a forecast: how many of the journeys with an alert were rated badly
// (precision), how many of those that were rated badly had one (recall), and how much of the
// journey was left then (lead).
//
// An alert belongs to the journey of its customer that holds its contact and began last by its
// time; where none holds it, to the one that it names. It counts unless it is about something
// good or came when the customer had answered already. Lead is the share of the journey's time,
// from its first event to its last one, that was left at its first alert that counts.
//
// Bounds of a figure: the 2.5th and 97.5th percentile of 1,000 samples (fewer of many journeys:
// at most 100,000,000 draws, at least 100 samples) that are drawn with replacement. They come
// from a fixed seed: the same journeys give the same bounds. Pure functions.
#ifndef PEAKEND_PROCESSORS_REPLAY_OUTCOME_QUALITY_H_
#define PEAKEND_PROCESSORS_REPLAY_OUTCOME_QUALITY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "peakend/v1/replay_report.pb.h"
#include "processors/replay/raised_alert.h"

namespace peakend::replay {

// Fewer rated journeys give no figures.
inline constexpr size_t kFewestRated = 30;

struct RatedJourney {
  std::string tenant_id;
  std::string customer_id;
  std::string journey_id;
  std::vector<std::string> contact_ids;
  int64_t started_at_ms = 0;
  int64_t ended_at_ms = 0;
  double rating = 0;           // in [0, 1]
  int64_t answered_at_ms = 0;  // 0 = unknown
};

// The rating below which lies the share of journeys that is closest to a third; of equally close
// ones the smaller. Nothing where the ratings do not differ.
std::optional<double> LowestThird(const std::vector<RatedJourney>& journeys);

// Ratings below `bad_below` count as bad. The order of both lists changes nothing.
v1::OutcomeQuality RateForecasts(const std::vector<RatedJourney>& journeys,
                                 const std::vector<RaisedAlert>& alerts,
                                 std::optional<double> bad_below);

}  // namespace peakend::replay

#endif  // PEAKEND_PROCESSORS_REPLAY_OUTCOME_QUALITY_H_
