// When contacts come: an inhomogeneous Poisson process whose rate is constant in pieces (half-hours
// of the day's shape, each with its busyness; surges; incidents).
//
// Thread-safety: none; one owner.
#ifndef PEAKEND_BENCHMARKS_LOAD_ARRIVAL_TIMES_H_
#define PEAKEND_BENCHMARKS_LOAD_ARRIVAL_TIMES_H_

#include <cstdint>

#include "benchmarks/load/random_stream.h"
#include "peakend/v1/load_profile.pb.h"

namespace peakend::load {

// How many times the average rate the busiest hour of a usual day has; surges and incidents are not
// usual.
double BusiestHour(const v1::LoadArrivals& arrivals);

class ArrivalTimes {
 public:
  // From `begin_us` on, `per_second` on average. REQUIRES: per_second > 0. `arrivals` outlives it.
  ArrivalTimes(const v1::LoadArrivals& arrivals, double per_second, uint64_t seed,
               int64_t begin_us);

  // Strictly later than the one before.
  int64_t Next();
  // Whether the last one fell into an incident.
  bool in_incident() const { return at_us_ < incident_end_us_ && at_us_ >= incident_us_; }

 private:
  // Sets factor_ for the piece that holds at_us_, and its end.
  void EnterPiece();
  double ShapeAt(int64_t half_hour) const;
  void EnterHalfHour(int64_t half_hour);

  const v1::LoadArrivals& arrivals_;
  const double per_second_;
  const uint64_t seed_;
  RandomStream gaps_;
  RandomStream incidents_;
  int64_t at_us_;
  int64_t piece_end_us_;
  double factor_ = 1;
  int64_t half_hour_;
  double busyness_ = 0;  // log of the half-hour's factor, in its own standard deviations
  double day_factor_ = 1;
  int64_t day_ = INT64_MIN;
  int64_t incident_us_ = INT64_MAX;
  int64_t incident_end_us_ = INT64_MIN;
};

}  // namespace peakend::load

#endif  // PEAKEND_BENCHMARKS_LOAD_ARRIVAL_TIMES_H_
