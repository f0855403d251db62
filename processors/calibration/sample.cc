#include "processors/calibration/sample.h"

#include <algorithm>
#include <cmath>

namespace peakend::calibration {
namespace {

constexpr double kEnd = 0.1;
constexpr double kNearlyAll = 0.9;
constexpr double kSame = 0.99;
constexpr double kFew = 0.05;
constexpr int64_t kEnough = 30;
constexpr double kClear = 0.1;  // of a score

// Mean and variance as values come in (Welford 1962).
class Moments {
 public:
  void Add(double value) {
    ++count_;
    const double before = value - mean_;
    mean_ += before / static_cast<double>(count_);
    squares_ += before * (value - mean_);
  }
  int64_t count() const { return count_; }
  double mean() const { return mean_; }
  double MeanVariance() const {
    return squares_ / static_cast<double>(count_ - 1) / static_cast<double>(count_);
  }

 private:
  int64_t count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
};

void Compare(const Moments& rated, const Moments& others, Sample& sample) {
  if (rated.count() < kEnough || others.count() < kEnough) return;
  const double difference = rated.mean() - others.mean();
  const double error = std::sqrt(rated.MeanVariance() + others.MeanVariance());
  sample.score_difference = difference;
  sample.score_difference_interval = Around(difference, error);
}

void Judge(double share_of_one, Sample& sample) {
  if (sample.rated < kLeastRated) sample.findings.push_back(Finding::kTooFew);
  if (sample.rated > 0 && share_of_one >= kSame) sample.findings.push_back(Finding::kOneClass);
  if (sample.share_low + sample.share_high >= kNearlyAll) {
    sample.findings.push_back(Finding::kOnlyExtremes);
  }
  const auto all = static_cast<double>(sample.journeys);
  if (static_cast<double>(sample.rated) < kFew * all) {
    sample.findings.push_back(Finding::kFewAnswer);
  }
  const Interval& interval = sample.score_difference_interval;
  const bool differs = interval.low > 0 || interval.high < 0;
  if (differs && std::abs(*sample.score_difference) >= kClear) {
    sample.findings.push_back(Finding::kAnswerersDiffer);
  }
}

// Of sorted values, the share of the one that comes most often.
double ShareOfOne(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  size_t most = 0;
  for (size_t begin = 0; begin < values.size();) {
    const auto end = std::upper_bound(values.begin(), values.end(), values[begin]);
    const auto count = static_cast<size_t>(end - values.begin()) - begin;
    most = std::max(most, count);
    begin += count;
  }
  return values.empty() ? 0 : static_cast<double>(most) / static_cast<double>(values.size());
}

}  // namespace

Sample Examine(const RatedJourneys& journeys) {
  Sample sample;
  Moments rated;
  Moments others;
  std::vector<double> outcomes;
  for (const RatedJourney& journey : journeys) {
    ++sample.journeys;
    if (!journey.score) {
      ++sample.without_score;
      continue;
    }
    (journey.outcome ? rated : others).Add(*journey.score);
    if (journey.outcome) outcomes.push_back(*journey.outcome);
  }
  sample.rated = static_cast<int64_t>(outcomes.size());
  for (const double outcome : outcomes) {
    const double share = 1 / static_cast<double>(outcomes.size());
    sample.outcome_mean += outcome * share;
    if (outcome <= kEnd) sample.share_low += share;
    if (outcome >= 1 - kEnd) sample.share_high += share;
  }
  Compare(rated, others, sample);
  Judge(ShareOfOne(std::move(outcomes)), sample);
  return sample;
}

RatedJourneys Usable(const RatedJourneys& journeys) {
  RatedJourneys usable;
  for (const RatedJourney& journey : journeys) {
    if (journey.score && journey.outcome) usable.push_back(journey);
  }
  return usable;
}

}  // namespace peakend::calibration
