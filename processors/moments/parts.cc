#include "processors/moments/parts.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace peakend::moments {
namespace {

using affect::DivideRounded;
using affect::kNanoOne;
using affect::Nano;
using journey::Contact;
using journey::Impression;

Nano Weighted(Nano first, Nano first_weight, Nano second, Nano second_weight) {
  return static_cast<Nano>(
      DivideRounded(int64_t{first} * first_weight + int64_t{second} * second_weight, kNanoOne));
}

Nano Midpoint(Nano a, Nano b) { return static_cast<Nano>(DivideRounded(int64_t{a} + b, 2)); }

bool DelaysOpening(journey::Cause cause) {
  return cause == journey::Cause::kQueueWait || cause == journey::Cause::kAnnouncedWaitExceeded ||
         cause == journey::Cause::kFirstResponse;
}

// Arrival: turns before the first answer. Opening: the wait for it and the first few
// turns after it.
void AssessOpening(const Contact& contact, const MomentModel& model, Parts& parts) {
  const std::optional<int64_t> answered_at = contact.answered_at_ms();
  int64_t arrival_sum = 0;
  int64_t arrivals = 0;
  for (const ServiceImpression& made : parts.service.front()) {
    if (DelaysOpening(made.impression.cause)) {
      parts.opening_impressions.push_back(RecentOf(made, contact));
    }
  }
  const size_t most = parts.opening_impressions.size() + model.opening_turns;
  for (const Impression& impression : contact.impressions().earliest()) {
    if (!answered_at || impression.at_ms < *answered_at) {
      arrival_sum += impression.valence;
      ++arrivals;
    } else if (parts.opening_impressions.size() < most) {
      parts.opening_impressions.push_back({impression, &contact, {}});
    }
  }
  if (arrivals > 0) parts.arrival = static_cast<Nano>(DivideRounded(arrival_sum, arrivals));
  if (parts.opening_impressions.empty()) return;
  std::sort(parts.opening_impressions.begin(), parts.opening_impressions.end(), EarlierThan);
  int64_t sum = 0;
  for (const Recent& item : parts.opening_impressions) sum += item.impression.valence;
  parts.opening =
      static_cast<Nano>(DivideRounded(sum, static_cast<int64_t>(parts.opening_impressions.size())));
}

bool Stronger(const Recent& held, const Recent& candidate) {
  if (held.contact == nullptr) return true;
  const int64_t a = held.impression.Weight();
  const int64_t b = candidate.impression.Weight();
  return a != b ? b > a : EarlierThan(held, candidate);
}

void AssessPeaks(absl::Span<const Contact> contacts, const MomentModel& model, Parts& parts) {
  const auto offer = [&](const Recent& candidate) {
    const Impression& impression = candidate.impression;
    Recent& held = impression.valence > 0 ? parts.strongest_positive : parts.strongest_negative;
    if (impression.Weight() >= model.peak_floor && Stronger(held, candidate)) held = candidate;
  };
  for (size_t i = 0; i < contacts.size(); ++i) {
    const journey::Impressions& turns = contacts[i].impressions();
    if (turns.strongest_positive()) offer({*turns.strongest_positive(), &contacts[i], {}});
    if (turns.strongest_negative()) offer({*turns.strongest_negative(), &contacts[i], {}});
    for (const ServiceImpression& made : parts.service[i]) offer(RecentOf(made, contacts[i]));
  }
  const auto level = [](const Recent& peak) {
    return peak.contact != nullptr ? std::optional(peak.impression.valence) : std::nullopt;
  };
  parts.peak_positive = level(parts.strongest_positive);
  parts.peak_negative = level(parts.strongest_negative);
}

// Returns the sum of all valences.
int64_t CountImpressions(absl::Span<const Contact> contacts, Parts& parts) {
  int64_t sum = 0;
  std::array<int64_t, journey::kDimensions> gaps = {};
  std::array<int64_t, journey::kDimensions> deeds = {};
  for (const Contact& contact : contacts) {
    parts.count_affect += contact.impressions().count();
    sum += contact.impressions().sum();
  }
  parts.count = parts.count_affect;
  for (const ServiceImpressions& of : parts.service) {
    for (const ServiceImpression& made : of) {
      ++parts.count;
      sum += made.impression.valence;
      const auto dimension = static_cast<size_t>(journey::DimensionOf(made.impression.cause));
      if (dimension >= gaps.size()) continue;
      gaps[dimension] += made.gap;
      ++deeds[dimension];
    }
  }
  for (size_t d = 0; d < gaps.size(); ++d) {
    if (deeds[d] > 0) parts.servqual[d] = static_cast<Nano>(DivideRounded(gaps[d], deeds[d]));
  }
  return sum;
}

// Negative impressions that piled up since the latest positive one.
int64_t Strain(const RecentImpressions& recent) {
  int64_t strain = 0;
  for (const Recent& item : recent) {
    if (item.impression.valence > 0) break;
    strain += item.impression.valence;
  }
  return strain;
}

std::optional<journey::Terminal> TerminalOf(const journey::Story& story,
                                            const journey::Windows& windows) {
  const absl::Span<const Contact> contacts = story.contacts();
  const auto ends_earlier = [](const Contact& a, const Contact& b) { return a.last() < b.last(); };
  const Contact& final = *std::max_element(contacts.begin(), contacts.end(), ends_earlier);
  return final.terminal(windows, story.as_of_ms);
}

void AssessEnd(const RecentImpressions& recent, const MomentModel& model, Parts& parts) {
  if (parts.terminal) {
    const TerminalImpression ended = TerminalOf(parts.terminal->cause, model);
    parts.end = Tail(recent, &ended);
  } else if (!recent.empty()) {
    parts.end = parts.tail;
  }
}

Nano Dominant(const Parts& parts) {
  const Nano positive = parts.peak_positive.value_or(0);
  const Nano negative = parts.peak_negative.value_or(0);
  return std::abs(negative) >= std::abs(positive) ? negative : positive;
}

Nano Score(const Parts& parts, const MomentModel& model) {
  switch (model.formula) {
    case Formula::kClassical:
      return Midpoint(Dominant(parts), *parts.end);
    case Formula::kWorstEnd:
      return Midpoint(*parts.worst, *parts.last);
    case Formula::kMean:
      return *parts.mean;
    case Formula::kExperience:
      break;
  }
  return Weighted(*parts.worst, model.worst_weight, *parts.tail, model.tail_weight);
}

// Everything but score_affect and promises.
Parts AssessWith(absl::Span<const Contact> contacts,
                 const std::optional<journey::Terminal>& terminal, const MomentModel& model,
                 ServiceImpressionsOf service) {
  Parts parts;
  parts.terminal = terminal;
  parts.service = std::move(service);
  AssessOpening(contacts.front(), model, parts);
  AssessPeaks(contacts, model, parts);
  const int64_t sum = CountImpressions(contacts, parts);
  const RecentImpressions recent(contacts, parts.service, model.tail_max);
  if (!recent.empty()) {
    parts.mean = static_cast<Nano>(DivideRounded(sum, parts.count));
    parts.worst_impression = recent[recent.WorstIndex()];
    parts.last_impression = recent[0];
    parts.worst = parts.worst_impression.impression.valence;
    parts.last = parts.last_impression.impression.valence;
    parts.tail = Tail(recent);
    parts.strain = Strain(recent);
  }
  AssessEnd(recent, model, parts);
  if (!recent.empty()) {
    parts.score = Score(parts, model);
    parts.remembered_minus_mean = int64_t{*parts.score} - *parts.mean;
  }
  if (parts.end && parts.opening) parts.trend = int64_t{*parts.end} - *parts.opening;
  if (parts.end && parts.arrival) parts.trend_from_arrival = int64_t{*parts.end} - *parts.arrival;
  return parts;
}

}  // namespace

const ServiceImpression* Parts::ServiceOf(const Recent& item,
                                          absl::Span<const Contact> contacts) const {
  if (item.impression.cause == journey::Cause::kTurn) return nullptr;
  for (const ServiceImpression& made :
       service[static_cast<size_t>(item.contact - contacts.data())]) {
    if (made.impression.cause == item.impression.cause &&
        made.impression.event_hash == item.impression.event_hash &&
        made.impression.at_ms == item.impression.at_ms) {
      return &made;
    }
  }
  return nullptr;
}

TerminalImpression TerminalOf(journey::Cause cause, const MomentModel& model) {
  switch (cause) {
    case journey::Cause::kAbandoned:
      return {model.abandoned_valence};
    case journey::Cause::kHungUpOnHold:
      return {model.hung_up_on_hold_valence};
    case journey::Cause::kLeftUnanswered:
      return {model.left_unanswered_valence, kNanoOne / 2};
    default:
      return {model.resolved_valence};
  }
}

Parts AssessImpressions(absl::Span<const Contact> contacts,
                        const std::optional<journey::Terminal>& terminal, const MomentModel& model,
                        ServiceImpressionsOf service) {
  Parts parts = AssessWith(contacts, terminal, model, std::move(service));
  parts.score_affect =
      parts.count == parts.count_affect
          ? parts.score
          : AssessWith(contacts, terminal, model, ServiceImpressionsOf(contacts.size())).score;
  return parts;
}

Parts Assess(const journey::Story& story, const journey::Windows& windows,
             const MomentModel& model) {
  Parts parts = AssessImpressions(story.contacts(), TerminalOf(story, windows), model,
                                  DeriveImpressions(story, windows, model));
  parts.promises = CountPromises(story);
  return parts;
}

Nano LiveScore(absl::Span<const Impression> turns, const MomentModel& model) {
  if (turns.size() > model.tail_max) turns.remove_prefix(turns.size() - model.tail_max);
  const auto below = [](const Impression& a, const Impression& b) { return a.valence < b.valence; };
  const Nano worst = std::min_element(turns.begin(), turns.end(), below)->valence;
  if (model.formula == Formula::kWorstEnd) return Midpoint(worst, turns.back().valence);
  return Weighted(worst, model.worst_weight, Tail(turns), model.tail_weight);
}

Nano LiveScore(const RecentImpressions& recent, const MomentModel& model) {
  const Nano worst = recent[recent.WorstIndex()].impression.valence;
  if (model.formula == Formula::kWorstEnd) return Midpoint(worst, recent[0].impression.valence);
  return Weighted(worst, model.worst_weight, *Tail(recent), model.tail_weight);
}

}  // namespace peakend::moments
