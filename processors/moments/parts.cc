#include "processors/moments/parts.h"

#include <algorithm>
#include <cstdlib>

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

// Arrival: turns before the first answer. Opening: the first few after it.
void AssessOpening(const Contact& contact, const MomentModel& model, Parts& parts) {
  const std::optional<int64_t> answered_at = contact.answered_at_ms();
  int64_t arrival_sum = 0;
  int64_t arrivals = 0;
  int64_t opening_sum = 0;
  for (const Impression& impression : contact.impressions().earliest()) {
    if (!answered_at || impression.at_ms < *answered_at) {
      arrival_sum += impression.valence;
      ++arrivals;
    } else if (parts.opening_turns.size() < model.opening_turns) {
      opening_sum += impression.valence;
      parts.opening_turns.push_back({&impression, &contact});
    }
  }
  if (arrivals > 0) parts.arrival = static_cast<Nano>(DivideRounded(arrival_sum, arrivals));
  if (!parts.opening_turns.empty()) {
    const auto turns = static_cast<int64_t>(parts.opening_turns.size());
    parts.opening = static_cast<Nano>(DivideRounded(opening_sum, turns));
  }
}

bool Stronger(const Recent& held, const Impression& candidate, const Contact& contact) {
  if (held.impression == nullptr) return true;
  const int64_t a = held.impression->Weight();
  const int64_t b = candidate.Weight();
  if (a != b) return b > a;
  if (held.impression->at_ms != candidate.at_ms) return candidate.at_ms > held.impression->at_ms;
  return contact.impressions().event_id(candidate) >
         held.contact->impressions().event_id(*held.impression);
}

void AssessPeaks(absl::Span<const Contact> contacts, const MomentModel& model, Parts& parts) {
  const auto offer = [&](Recent& held, const std::optional<Impression>& candidate,
                         const Contact& contact) {
    if (candidate && candidate->Weight() >= model.peak_floor &&
        Stronger(held, *candidate, contact)) {
      held = {&*candidate, &contact};
    }
  };
  for (const Contact& contact : contacts) {
    parts.count += contact.impressions().count();
    offer(parts.strongest_positive, contact.impressions().strongest_positive(), contact);
    offer(parts.strongest_negative, contact.impressions().strongest_negative(), contact);
  }
  if (parts.strongest_positive.impression != nullptr) {
    parts.peak_positive = parts.strongest_positive.impression->valence;
  }
  if (parts.strongest_negative.impression != nullptr) {
    parts.peak_negative = parts.strongest_negative.impression->valence;
  }
}

// Negative impressions that piled up since the latest positive one.
int64_t Strain(const RecentImpressions& recent) {
  int64_t strain = 0;
  for (const Recent& item : recent) {
    if (item.impression->valence > 0) break;
    strain += item.impression->valence;
  }
  return strain;
}

void AssessEnd(absl::Span<const Contact> contacts, const journey::Windows& windows,
               const RecentImpressions& recent, const MomentModel& model, Parts& parts) {
  const auto ends_earlier = [](const Contact& a, const Contact& b) { return a.last() < b.last(); };
  const Contact& final = *std::max_element(contacts.begin(), contacts.end(), ends_earlier);
  parts.terminal = final.terminal(windows);
  if (parts.terminal) {
    const Nano valence = parts.terminal->kind == journey::FactKind::kAbandoned
                             ? model.abandoned_valence
                             : model.resolved_valence;
    parts.end = Tail(recent, &valence);
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

}  // namespace

Parts Assess(absl::Span<const Contact> contacts, const journey::Windows& windows,
             const MomentModel& model) {
  Parts parts;
  AssessOpening(contacts.front(), model, parts);
  AssessPeaks(contacts, model, parts);
  const RecentImpressions recent(contacts, model.tail_max);
  if (!recent.empty()) {
    int64_t sum = 0;
    for (const Contact& contact : contacts) sum += contact.impressions().sum();
    parts.mean = static_cast<Nano>(DivideRounded(sum, parts.count));
    parts.worst_impression = recent[recent.WorstIndex()];
    parts.last_impression = recent[0];
    parts.worst = parts.worst_impression.impression->valence;
    parts.last = parts.last_impression.impression->valence;
    parts.tail = Tail(recent);
    parts.strain = Strain(recent);
  }
  AssessEnd(contacts, windows, recent, model, parts);
  if (!recent.empty()) {
    parts.score = Score(parts, model);
    parts.remembered_minus_mean = int64_t{*parts.score} - *parts.mean;
  }
  if (parts.end && parts.opening) parts.trend = int64_t{*parts.end} - *parts.opening;
  if (parts.end && parts.arrival) parts.trend_from_arrival = int64_t{*parts.end} - *parts.arrival;
  return parts;
}

Nano LiveScore(const RecentImpressions& recent, const MomentModel& model) {
  const Nano worst = recent[recent.WorstIndex()].impression->valence;
  if (model.formula == Formula::kWorstEnd) return Midpoint(worst, recent[0].impression->valence);
  return Weighted(worst, model.worst_weight, *Tail(recent), model.tail_weight);
}

}  // namespace peakend::moments
