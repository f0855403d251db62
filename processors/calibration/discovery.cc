#include "processors/calibration/discovery.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "processors/calibration/least_squares.h"

namespace peakend::calibration {
namespace {

// One regressor: a side of a factor that is judged.
struct Side {
  Effect* effect;
  std::string factor;
  bool bad;
};

std::vector<Factor> Count(const RatedJourneys& journeys) {
  std::map<std::string, Factor> factors;
  for (const RatedJourney& journey : journeys) {
    for (const Experience& experience : journey.experiences) {
      Factor& factor = factors[experience.factor];
      factor.name = experience.factor;
      if (experience.valence < 0) ++factor.penalty.journeys;
      if (experience.valence > 0) ++factor.reward.journeys;
    }
  }
  std::vector<Factor> found;
  for (auto& [name, factor] : factors) found.push_back(std::move(factor));
  return found;
}

std::vector<Side> SidesOf(std::vector<Factor>& factors, int64_t journeys, int64_t least) {
  std::vector<Side> sides;
  for (Factor& factor : factors) {
    for (Effect* effect : {&factor.penalty, &factor.reward}) {
      effect->judged = effect->journeys >= least && journeys - effect->journeys >= least;
      if (effect->judged) sides.push_back({effect, factor.name, effect == &factor.penalty});
    }
  }
  return sides;
}

Observations Observe(const RatedJourneys& journeys, const std::vector<Side>& sides) {
  std::map<std::pair<std::string, bool>, size_t> places;
  for (size_t i = 0; i < sides.size(); ++i) places[{sides[i].factor, sides[i].bad}] = i;
  Observations observations(sides.size());
  std::vector<double> row(sides.size());
  for (const RatedJourney& journey : journeys) {
    std::fill(row.begin(), row.end(), 0);
    for (const Experience& experience : journey.experiences) {
      if (experience.valence == 0) continue;
      const auto place = places.find({experience.factor, experience.valence < 0});
      if (place != places.end()) row[place->second] = 1;
    }
    observations.Add(row, *journey.outcome);
  }
  return observations;
}

// Marks what is found where at most `rate` of it may be false.
void MarkFound(std::vector<Side>& sides, double rate) {
  std::vector<Effect*> order;
  for (const Side& side : sides) order.push_back(side.effect);
  std::sort(order.begin(), order.end(), [](Effect* a, Effect* b) { return a->p < b->p; });
  size_t found = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    const double share = static_cast<double>(i + 1) / static_cast<double>(order.size());
    if (order[i]->p <= rate * share) found = i + 1;
  }
  for (size_t i = 0; i < found; ++i) order[i]->found = true;
}

// The sides of one factor exclude each other, so that their errors are nearly independent.
std::optional<Class> ClassOf(const Factor& factor) {
  const bool hurts = factor.penalty.found && factor.penalty.outcome < 0;
  const bool delights = factor.reward.found && factor.reward.outcome > 0;
  if (!factor.penalty.judged || !factor.reward.judged) return std::nullopt;
  if (hurts && delights) return Class::kPerformance;
  const Interval contrast = Around(-factor.penalty.outcome - factor.reward.outcome,
                                   std::hypot(factor.penalty.error, factor.reward.error));
  if (hurts && contrast.low > 0) return Class::kBasic;
  if (delights && contrast.high < 0) return Class::kExcitement;
  return std::nullopt;
}

double Explained(const Line& line, const Observations& observations) {
  double mean = 0;
  for (const double y : observations.y()) mean += y / static_cast<double>(observations.size());
  double left = 0;
  double all = 0;
  for (size_t i = 0; i < observations.size(); ++i) {
    const double y = observations.y()[i];
    const double found =
        line.At(observations.x().subspan(i * observations.width(), observations.width()));
    left += (y - found) * (y - found);
    all += (y - mean) * (y - mean);
  }
  return all > 0 ? 1 - left / all : 0;
}

}  // namespace

Discovery Discover(const RatedJourneys& journeys, const DiscoveryOptions& options) {
  Discovery discovery;
  discovery.sample = Examine(journeys);
  if (discovery.sample.refused()) return discovery;
  RatedJourneys rated;
  for (const RatedJourney& journey : journeys) {
    if (journey.outcome) rated.push_back(journey);
  }
  discovery.factors = Count(rated);
  std::vector<Side> sides =
      SidesOf(discovery.factors, static_cast<int64_t>(rated.size()), options.least_journeys);
  const Observations observations = Observe(rated, sides);
  const Line line = Fit(observations);
  for (size_t i = 0; i < sides.size(); ++i) {
    Effect& effect = *sides[i].effect;
    effect.outcome = line.slopes[i];
    effect.error = line.errors[i];
    effect.interval = Around(effect.outcome, effect.error);
    if (effect.error > 0) {
      effect.p = std::erfc(std::abs(effect.outcome) / effect.error / std::sqrt(2.0));
    }
  }
  MarkFound(sides, options.false_discovery_rate);
  discovery.r_squared = Explained(line, observations);
  for (Factor& factor : discovery.factors) factor.kano = ClassOf(factor);
  std::stable_sort(
      discovery.factors.begin(), discovery.factors.end(), [](const Factor& a, const Factor& b) {
        const auto size = [](const Factor& factor) {
          return std::max(std::abs(factor.penalty.outcome), std::abs(factor.reward.outcome));
        };
        return size(a) > size(b);
      });
  return discovery;
}

}  // namespace peakend::calibration
