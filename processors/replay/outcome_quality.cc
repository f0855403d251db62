#include "processors/replay/outcome_quality.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "processors/replay/journey_of_alert.h"

namespace peakend::replay {
namespace {

constexpr uint64_t kSeed = 20251127;
constexpr size_t kSamples = 1000;
constexpr size_t kFewestSamples = 100;
constexpr size_t kMostDraws = 100'000'000;

// One rated journey as a forecast.
struct Forecast {
  bool bad = false;
  std::optional<double> lead;  // at its first alert; nothing = it had none
};

// SplitMix64 (Steele, Lea, Flood 2014): a few lines, the same numbers everywhere.
class SplitMix {
 public:
  explicit SplitMix(uint64_t seed) : state_(seed) {}
  uint64_t Next() {
    state_ += 0x9e3779b97f4a7c15;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

 private:
  uint64_t state_;
};

// Of two middle ones the smaller. REQUIRES: `values` is not empty.
double Median(std::vector<double>* values) {
  const auto middle = values->begin() + static_cast<ptrdiff_t>((values->size() - 1) / 2);
  std::nth_element(values->begin(), middle, values->end());
  return *middle;
}

// Figures of some journeys; NaN where there is nothing to divide by.
struct Figures {
  double precision = NAN;
  double recall = NAN;
  double lead = NAN;
};

class Count {
 public:
  void Add(const Forecast& forecast) {
    bad_ += forecast.bad ? 1 : 0;
    if (!forecast.lead) return;
    ++alerted_;
    if (forecast.bad) leads_.push_back(*forecast.lead);
  }
  Figures Result() {
    Figures figures;
    const auto foretold = static_cast<double>(leads_.size());
    if (alerted_ > 0) figures.precision = foretold / static_cast<double>(alerted_);
    if (bad_ > 0) figures.recall = foretold / static_cast<double>(bad_);
    if (!leads_.empty()) figures.lead = Median(&leads_);
    return figures;
  }
  int64_t alerted() const { return alerted_; }
  int64_t foretold() const { return static_cast<int64_t>(leads_.size()); }
  void Clear() {
    bad_ = alerted_ = 0;
    leads_.clear();
  }

 private:
  int64_t bad_ = 0;
  int64_t alerted_ = 0;
  std::vector<double> leads_;  // of those foretold rightly
};

size_t SamplesOf(size_t journeys) {
  return std::clamp(kMostDraws / journeys, kFewestSamples, kSamples);
}

std::vector<Figures> Resample(const std::vector<Forecast>& forecasts) {
  SplitMix random(kSeed);
  std::vector<Figures> samples;
  Count count;
  for (size_t i = 0; i < SamplesOf(forecasts.size()); ++i) {
    count.Clear();
    for (size_t j = 0; j < forecasts.size(); ++j) {
      count.Add(forecasts[random.Next() % forecasts.size()]);
    }
    samples.push_back(count.Result());
  }
  return samples;
}

void FillEstimate(double value, const std::vector<Figures>& samples, double Figures::*figure,
                  v1::Estimate* estimate) {
  estimate->set_value(value);
  std::vector<double> values;
  for (const Figures& sample : samples) {
    if (!std::isnan(sample.*figure)) values.push_back(sample.*figure);
  }
  if (values.size() * 2 < samples.size()) return;
  std::sort(values.begin(), values.end());
  const size_t cut = values.size() / 40;
  estimate->set_low(values[cut]);
  estimate->set_high(values[values.size() - 1 - cut]);
}

v1::ForecastQuality QualityOf(const std::vector<Forecast>& forecasts) {
  v1::ForecastQuality quality;
  Count count;
  for (const Forecast& forecast : forecasts) count.Add(forecast);
  quality.set_alerted(count.alerted());
  quality.set_foretold(count.foretold());
  const Figures figures = count.Result();
  const std::vector<Figures> samples = Resample(forecasts);
  const auto fill = [&](double Figures::*figure, auto&& make) {
    if (!std::isnan(figures.*figure)) FillEstimate(figures.*figure, samples, figure, make());
  };
  fill(&Figures::precision, [&] { return quality.mutable_precision(); });
  fill(&Figures::recall, [&] { return quality.mutable_recall(); });
  fill(&Figures::lead, [&] { return quality.mutable_lead(); });
  return quality;
}

double ShareLeft(const RatedJourney& journey, int64_t at_ms) {
  const int64_t whole_ms = journey.ended_at_ms - journey.started_at_ms;
  if (whole_ms <= 0) return 0;
  const double left =
      static_cast<double>(journey.ended_at_ms - at_ms) / static_cast<double>(whole_ms);
  return std::clamp(left, 0.0, 1.0);
}

// By journey: the times of their first alerts that count. `interrupts` = of those alone.
std::vector<std::optional<int64_t>> FirstAlerts(const std::vector<RatedJourney>& journeys,
                                                const std::vector<RaisedAlert>& alerts,
                                                bool interrupts) {
  const JourneyOfAlert finder(journeys);
  std::vector<std::optional<int64_t>> first(journeys.size());
  for (const RaisedAlert& alert : alerts) {
    if (alert.about_good || (interrupts && !alert.interrupts())) continue;
    const std::optional<size_t> i = finder.Find(alert);
    if (!i) continue;
    const int64_t answered_ms = journeys[*i].answered_at_ms;
    if (answered_ms > 0 && alert.occurred_at_ms >= answered_ms) continue;
    if (!first[*i] || alert.occurred_at_ms < *first[*i]) first[*i] = alert.occurred_at_ms;
  }
  return first;
}

v1::ForecastQuality QualityOf(const std::vector<RatedJourney>& journeys,
                              const std::vector<RaisedAlert>& alerts, double bad_below,
                              bool interrupts) {
  const std::vector<std::optional<int64_t>> first = FirstAlerts(journeys, alerts, interrupts);
  std::vector<Forecast> forecasts;
  for (size_t i = 0; i < journeys.size(); ++i) {
    Forecast& forecast = forecasts.emplace_back();
    forecast.bad = journeys[i].rating < bad_below;
    if (first[i]) forecast.lead = ShareLeft(journeys[i], *first[i]);
  }
  return QualityOf(forecasts);
}

}  // namespace

std::optional<double> LowestThird(const std::vector<RatedJourney>& journeys) {
  std::vector<double> ratings;
  for (const RatedJourney& journey : journeys) ratings.push_back(journey.rating);
  std::sort(ratings.begin(), ratings.end());
  std::optional<double> best;
  // Distance to a third in units of 1 / (3 n), so that it is exact.
  const auto all = static_cast<int64_t>(ratings.size());
  int64_t smallest = 0;
  for (size_t i = 0; i < ratings.size(); ++i) {
    if (i == 0 || ratings[i - 1] == ratings[i]) continue;
    const int64_t distance = std::abs(3 * static_cast<int64_t>(i) - all);
    if (best && distance >= smallest) continue;
    best = ratings[i];
    smallest = distance;
  }
  return best;
}

v1::OutcomeQuality RateForecasts(const std::vector<RatedJourney>& journeys,
                                 const std::vector<RaisedAlert>& alerts,
                                 std::optional<double> bad_below) {
  v1::OutcomeQuality quality;
  const auto rated = static_cast<int64_t>(journeys.size());
  quality.set_rated_journeys(rated);
  if (bad_below) {
    quality.set_bad_below(*bad_below);
    quality.set_bad_journeys(
        std::count_if(journeys.begin(), journeys.end(),
                      [&](const RatedJourney& journey) { return journey.rating < *bad_below; }));
  }
  if (journeys.size() < kFewestRated) {
    quality.set_no_figures(
        absl::StrCat(rated, " rated journeys are too few, ", kFewestRated, " are needed"));
  } else if (!bad_below) {
    quality.set_no_figures(absl::StrCat("all ", rated, " ratings are the same"));
  } else if (quality.bad_journeys() == 0 || quality.bad_journeys() == rated) {
    quality.set_no_figures(absl::StrCat(quality.bad_journeys() == 0 ? "none" : "all", " of the ",
                                        rated, " rated journeys were bad"));
  } else {
    std::vector<RatedJourney> ordered = journeys;
    std::sort(ordered.begin(), ordered.end(), [](const RatedJourney& a, const RatedJourney& b) {
      return a.journey_id < b.journey_id;
    });
    *quality.mutable_interrupts() = QualityOf(ordered, alerts, *bad_below, true);
    *quality.mutable_all() = QualityOf(ordered, alerts, *bad_below, false);
  }
  return quality;
}

}  // namespace peakend::replay
