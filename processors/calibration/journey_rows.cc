#include "processors/calibration/journey_rows.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"

namespace peakend::calibration {
namespace {

// The strongest of each factor.
using Factors = std::map<std::string, double>;

void Offer(std::string factor, double valence, Factors& factors) {
  double& strongest = factors[std::move(factor)];
  if (std::abs(valence) > std::abs(strongest)) strongest = valence;
}

// How a customer left, which has no feeling of its own in the rows.
double ValenceOf(const v1::Evidence& evidence) {
  if (evidence.has_valence()) return evidence.valence();
  return evidence.cause() == "resolved" ? 1 : -1;
}

template <typename Row>
void OfferCauses(const Row& row, Factors& factors) {
  for (const v1::Evidence& evidence : row.evidence()) {
    // What the customer says is the experience itself, not a cause of it.
    if (evidence.cause().empty() || evidence.cause() == "turn") continue;
    Offer(absl::StrCat("cause:", evidence.cause()), ValenceOf(evidence), factors);
  }
}

std::optional<double> OutcomeOf(const v1::Journey& row, const Ratings& ratings) {
  if (const auto rated = ratings.find(row.journey_id()); rated != ratings.end()) {
    return rated->second;
  }
  for (int i = row.contact_ids_size(); i > 0; --i) {
    const auto rated = ratings.find(row.contact_ids(i - 1));
    if (rated != ratings.end()) return rated->second;
  }
  return row.has_survey_score() ? std::optional(row.survey_score()) : std::nullopt;
}

RatedJourney Read(const v1::Journey& row) {
  RatedJourney journey;
  journey.journey_id = row.journey_id();
  journey.customer = absl::StrCat(row.tenant_id(), "/", row.customer_id());
  journey.started_at_ms = row.started_at_ms();
  journey.ended_at_ms = row.ended_at_ms();
  journey.impressions = row.count();
  const auto level = [](bool is_there, double value) {
    return is_there ? std::optional(value) : std::nullopt;
  };
  journey.score = level(row.has_score(), row.score());
  journey.opening = level(row.has_opening(), row.opening());
  journey.peak_positive = level(row.has_peak_positive(), row.peak_positive());
  journey.peak_negative = level(row.has_peak_negative(), row.peak_negative());
  journey.worst = level(row.has_worst(), row.worst());
  journey.last = level(row.has_last(), row.last());
  journey.tail = level(row.has_tail(), row.tail());
  journey.mean = level(row.has_mean(), row.mean());
  return journey;
}

template <typename Row>
void TakeNewest(const Row& row, Row& held) {
  if (row.row_version() > held.row_version()) held = row;
}

}  // namespace

void JourneyRows::Take(const v1::Journey& row) { TakeNewest(row, journeys_[row.journey_id()]); }

void JourneyRows::Take(const v1::Moment& row) { TakeNewest(row, moments_[row.moment_id()]); }

RatedJourneys JourneyRows::Collect(const Ratings& ratings) const {
  absl::flat_hash_map<std::string, Factors> factors;
  for (const auto& [id, row] : moments_) {
    if (row.is_deleted()) continue;
    Factors& of_journey = factors[row.journey_id()];
    OfferCauses(row, of_journey);
    const bool ends_contact = row.scope() == v1::Moment::CONTACT && row.kind() == v1::END;
    if (ends_contact && !row.touchpoint_id().empty()) {
      Offer(absl::StrCat("touchpoint:", row.touchpoint_id()), row.valence(), of_journey);
    }
  }
  RatedJourneys journeys;
  for (const auto& [id, row] : journeys_) {
    if (row.is_deleted()) continue;
    RatedJourney& journey = journeys.emplace_back(Read(row));
    Factors& of_journey = factors[id];
    OfferCauses(row, of_journey);
    for (const auto& [factor, valence] : of_journey) {
      journey.experiences.push_back({factor, valence});
    }
    journey.outcome = OutcomeOf(row, ratings);
  }
  std::sort(journeys.begin(), journeys.end(), [](const RatedJourney& a, const RatedJourney& b) {
    return std::tie(a.started_at_ms, a.journey_id) < std::tie(b.started_at_ms, b.journey_id);
  });
  return journeys;
}

}  // namespace peakend::calibration
