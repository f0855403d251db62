#include "processors/calibration/calibration.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "processors/calibration/correlation.h"

namespace peakend::calibration {
namespace {

constexpr int kWeightSteps = 20;

std::array<double, kParts.size()> PartsOf(const RatedJourney& journey) {
  return {journey.opening.value_or(0),       journey.peak_positive.value_or(0),
          journey.peak_negative.value_or(0), journey.worst.value_or(0),
          journey.last.value_or(0),          journey.tail.value_or(0),
          journey.mean.value_or(0)};
}

double Weighted(const RatedJourney& journey, double worst_weight) {
  return worst_weight * journey.worst.value_or(0) + (1 - worst_weight) * journey.tail.value_or(0);
}

using Predictor = std::function<double(const RatedJourney&)>;

// A prediction of the outcome, from one number by a line.
Predictor Mapped(const RatedJourneys& journeys, Predictor number) {
  Observations observations(1);
  for (const RatedJourney& journey : journeys) {
    observations.Add({number(journey)}, *journey.outcome);
  }
  return [line = Fit(observations), number = std::move(number)](const RatedJourney& journey) {
    return line.At({number(journey)});
  };
}

Line FitParts(const RatedJourneys& journeys) {
  Observations observations(kParts.size());
  for (const RatedJourney& journey : journeys) {
    observations.Add(PartsOf(journey), *journey.outcome);
  }
  return Fit(observations);
}

double BestWorstWeight(const RatedJourneys& journeys) {
  std::vector<double> outcomes;
  for (const RatedJourney& journey : journeys) outcomes.push_back(*journey.outcome);
  const std::vector<double> wanted = Ranks(outcomes);
  double best = 0;
  double most = -2;
  std::vector<double> values(journeys.size());
  for (int step = 0; step <= kWeightSteps; ++step) {
    const double weight = static_cast<double>(step) / kWeightSteps;
    std::transform(journeys.begin(), journeys.end(), values.begin(),
                   [&](const RatedJourney& journey) { return Weighted(journey, weight); });
    const double found = Pearson(Ranks(values), wanted);
    if (found > most) best = weight;
    most = std::max(most, found);
  }
  return best;
}

// All that is compared, fitted to the same journeys.
struct Models {
  Predictor score, weights, parts, mean;
};

Models FitAll(const RatedJourneys& journeys) {
  const double worst_weight = BestWorstWeight(journeys);
  return {Mapped(journeys, [](const RatedJourney& journey) { return *journey.score; }),
          Mapped(journeys,
                 [worst_weight](const RatedJourney& journey) {
                   return Weighted(journey, worst_weight);
                 }),
          [line = FitParts(journeys)](const RatedJourney& journey) {
            return line.At(PartsOf(journey));
          },
          Mapped(journeys, [](const RatedJourney& journey) { return journey.mean.value_or(0); })};
}

// Of each journey that was held out.
struct Predictions {
  std::vector<double> score, weights, parts, mean;

  explicit Predictions(size_t size) : score(size), weights(size), parts(size), mean(size) {}
  void Take(size_t i, const Models& models, const RatedJourney& journey) {
    score[i] = models.score(journey);
    weights[i] = models.weights(journey);
    parts[i] = models.parts(journey);
    mean[i] = models.mean(journey);
  }
};

Predictions PredictByFolds(const RatedJourneys& journeys, const CalibrationOptions& options) {
  const std::vector<int> folds = FoldsOf(journeys, options.folds, options.seed);
  Predictions predictions(journeys.size());
  for (int fold = 0; fold < options.folds; ++fold) {
    RatedJourneys others;
    for (size_t i = 0; i < journeys.size(); ++i) {
      if (folds[i] != fold) others.push_back(journeys[i]);
    }
    const Models models = FitAll(others);
    for (size_t i = 0; i < journeys.size(); ++i) {
      if (folds[i] == fold) predictions.Take(i, models, journeys[i]);
    }
  }
  return predictions;
}

std::vector<double> Chosen(absl::Span<const double> values, absl::Span<const size_t> indices) {
  std::vector<double> chosen;
  chosen.reserve(indices.size());
  for (const size_t i : indices) chosen.push_back(values[i]);
  return chosen;
}

// Says what predictions are worth, on the same samples for all of them.
class Appraiser {
 public:
  Appraiser(const RatedJourneys& journeys, const CalibrationOptions& options)
      : options_(options), customers_(ByCustomer(journeys)) {
    for (const RatedJourney& journey : journeys) outcomes_.push_back(*journey.outcome);
  }

  HeldOut Appraise(const std::vector<double>& predicted, const std::vector<double>& score) const {
    HeldOut held_out;
    held_out.spearman = Spearman(predicted, outcomes_);
    held_out.pearson = Pearson(predicted, outcomes_);
    for (size_t i = 0; i < predicted.size(); ++i) {
      held_out.error +=
          std::abs(predicted[i] - outcomes_[i]) / static_cast<double>(predicted.size());
    }
    if (&predicted == &score) return held_out;
    held_out.gain = held_out.spearman - Spearman(score, outcomes_);
    held_out.gain_interval = Bootstrap(
        customers_, options_.repeats, options_.seed, [&](absl::Span<const size_t> sample) {
          const std::vector<double> wanted = Ranks(Chosen(outcomes_, sample));
          return Pearson(Ranks(Chosen(predicted, sample)), wanted) -
                 Pearson(Ranks(Chosen(score, sample)), wanted);
        });
    return held_out;
  }

 private:
  const CalibrationOptions& options_;
  std::vector<std::vector<size_t>> customers_;
  std::vector<double> outcomes_;
};

}  // namespace

Calibration Calibrate(const RatedJourneys& journeys, const RatedJourneys& held_out,
                      const CalibrationOptions& options) {
  Calibration calibration;
  calibration.sample = Examine(journeys);
  if (calibration.sample.refused()) return calibration;
  const RatedJourneys fitted = Usable(journeys);
  const RatedJourneys others = Usable(held_out);
  calibration.by_folds = others.empty();
  const RatedJourneys& judged = calibration.by_folds ? fitted : others;
  calibration.held_out = static_cast<int64_t>(judged.size());

  Predictions predictions(0);
  if (calibration.by_folds) {
    predictions = PredictByFolds(fitted, options);
  } else {
    predictions = Predictions(others.size());
    const Models models = FitAll(fitted);
    for (size_t i = 0; i < others.size(); ++i) predictions.Take(i, models, others[i]);
  }
  const Appraiser appraiser(judged, options);
  calibration.score = appraiser.Appraise(predictions.score, predictions.score);
  calibration.weights = appraiser.Appraise(predictions.weights, predictions.score);
  calibration.parts_regression = appraiser.Appraise(predictions.parts, predictions.score);
  calibration.mean = appraiser.Appraise(predictions.mean, predictions.score);

  calibration.worst_weight = BestWorstWeight(fitted);
  Observations scores(1);
  for (const RatedJourney& journey : fitted) scores.Add({*journey.score}, *journey.outcome);
  calibration.map = Fit(scores);
  calibration.parts = FitParts(fitted);
  return calibration;
}

}  // namespace peakend::calibration
