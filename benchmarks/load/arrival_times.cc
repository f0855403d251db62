#include "benchmarks/load/arrival_times.h"

#include <algorithm>
#include <cmath>

#include "benchmarks/load/contact_plan.h"
#include "benchmarks/load/distributions.h"
#include "benchmarks/load/duration_us.h"

namespace peakend::load {
namespace {

constexpr int64_t kHalfHourUs = 1800 * kSecondUs;
constexpr int64_t kHalfHours = 48;

// Shares of a day by hour: two humps, as inbound centers have them. Their mean is 1.
constexpr double kOfficeDay[24] = {0.10, 0.06, 0.05, 0.05, 0.08, 0.20, 0.45, 0.95,
                                   1.60, 2.05, 2.30, 2.15, 1.70, 1.80, 2.10, 2.05,
                                   1.75, 1.35, 1.00, 0.75, 0.55, 0.40, 0.31, 0.20};

int64_t FloorDiv(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

double BusiestHour(const v1::LoadArrivals& arrivals) {
  if (arrivals.shape() != "office_day") return 1;
  return *std::max_element(std::begin(kOfficeDay), std::end(kOfficeDay));
}

ArrivalTimes::ArrivalTimes(const v1::LoadArrivals& arrivals, double per_second, uint64_t seed,
                           int64_t begin_us)
    : arrivals_(arrivals),
      per_second_(per_second),
      seed_(seed),
      gaps_(seed, Purpose::kArrivals, 0),
      incidents_(seed, Purpose::kIncidents, 0),
      at_us_(begin_us),
      piece_end_us_(begin_us),
      half_hour_(INT64_MIN) {
  if (arrivals.incidents_per_day() > 0) {
    incident_us_ = begin_us;
    incident_end_us_ = begin_us;
  }
  EnterPiece();
}

int64_t ArrivalTimes::Next() {
  while (true) {
    const double gap_s = Exponential(gaps_, 1 / (per_second_ * factor_));
    // What is left of a piece says nothing of the next: the exponential has no memory.
    if (gap_s * kSecondUs < static_cast<double>(piece_end_us_ - at_us_)) {
      at_us_ += std::max<int64_t>(1, static_cast<int64_t>(gap_s * kSecondUs));
      return at_us_;
    }
    at_us_ = piece_end_us_;
    EnterPiece();
  }
}

void ArrivalTimes::EnterPiece() {
  const int64_t half_hour = FloorDiv(at_us_, kHalfHourUs);
  if (half_hour != half_hour_) EnterHalfHour(half_hour);
  piece_end_us_ = (half_hour + 1) * kHalfHourUs;
  factor_ = ShapeAt(half_hour) * day_factor_ *
            std::exp(busyness_ * arrivals_.busyness_cv() -
                     arrivals_.busyness_cv() * arrivals_.busyness_cv() / 2);
  const auto end_at = [&](int64_t us) {
    if (us > at_us_) piece_end_us_ = std::min(piece_end_us_, us);
  };
  int64_t surge = INT64_MAX;
  int64_t surge_end = INT64_MAX;
  if (arrivals_.shape() == "surge") {
    surge = Us(arrivals_.surge_at());
    surge_end = surge + Us(arrivals_.surge_length());
  } else if (arrivals_.shape() == "square") {
    surge = FloorDiv(at_us_, 2 * kHalfHourUs) * 2 * kHalfHourUs + kHalfHourUs * 3 / 2;
    surge_end = surge + kHalfHourUs / 2;
  }
  if (at_us_ >= surge && at_us_ < surge_end) factor_ *= arrivals_.surge_factor();
  end_at(surge);
  end_at(surge_end);
  while (incident_end_us_ <= at_us_ && incident_us_ != INT64_MAX) {
    incident_us_ =
        incident_end_us_ + static_cast<int64_t>(Exponential(
                               incidents_, 86'400.0 * kSecondUs / arrivals_.incidents_per_day()));
    incident_end_us_ = incident_us_ + Us(arrivals_.incident_length());
  }
  if (in_incident()) factor_ *= arrivals_.incident_factor();
  if (incident_us_ != INT64_MAX) {
    end_at(incident_us_);
    end_at(incident_end_us_);
  }
}

double ArrivalTimes::ShapeAt(int64_t half_hour) const {
  if (arrivals_.shape() != "office_day") return 1;
  const int64_t of_day = half_hour + 2 * static_cast<int64_t>(arrivals_.first_hour());
  return kOfficeDay[(of_day % kHalfHours + kHalfHours) % kHalfHours / 2];
}

void ArrivalTimes::EnterHalfHour(int64_t half_hour) {
  half_hour_ = half_hour;
  const double cv = arrivals_.busyness_cv();
  if (cv == 0) return;
  const double kept = arrivals_.half_hour_correlation();
  RandomStream slot(seed_, Purpose::kDay, static_cast<uint64_t>(half_hour) * 2);
  busyness_ = kept * busyness_ + std::sqrt(1 - kept * kept) * Normal(slot);
  if (const int64_t day = FloorDiv(half_hour, kHalfHours); day != day_) {
    day_ = day;
    RandomStream drawn(seed_, Purpose::kDay, static_cast<uint64_t>(day) * 2 + 1);
    day_factor_ = Gamma(drawn, 1 / (cv * cv)) * cv * cv;
  }
}

}  // namespace peakend::load
