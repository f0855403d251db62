#include "processors/explain/journey_story.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "processors/moments/remember.h"
#include "processors/publish/channel_name.h"
#include "processors/publish/customer_ids.h"
#include "processors/publish/customer_journeys.h"
#include "processors/publish/evidence.h"
#include "processors/publish/messages.h"
#include "processors/publish/opening_card.h"

namespace peakend::explain {
namespace {

using affect::ToDouble;
using journey::Contact;
using journey::Impression;
using journey::JourneySpan;
using moments::Recent;
using publish::Assessed;

bool Same(const Recent& a, const Recent& b) {
  return a.contact == b.contact && a.impression.at_ms == b.impression.at_ms &&
         a.impression.event_hash == b.impression.event_hash &&
         a.impression.cause == b.impression.cause;
}

// All that are kept one by one, in order.
std::vector<Recent> ListImpressions(const Assessed& assessed) {
  std::vector<Recent> all;
  for (size_t i = 0; i < assessed.contacts.size(); ++i) {
    const Contact& contact = assessed.contacts[i];
    const journey::Impressions& turns = contact.impressions();
    for (const Impression& each : turns.earliest()) all.push_back({each, &contact, {}});
    for (const Impression& each : turns.latest()) all.push_back({each, &contact, {}});
    for (const auto& each : {turns.strongest_positive(), turns.strongest_negative()}) {
      if (each) all.push_back({*each, &contact, {}});
    }
    for (const moments::ServiceImpression& made : assessed.parts.service[i]) {
      all.push_back(moments::RecentOf(made, contact));
    }
  }
  // Of one event two contacts may have the same: the earlier contact's counts as the newer.
  const auto earlier = [](const Recent& a, const Recent& b) {
    if (moments::EarlierThan(a, b)) return true;
    return !moments::EarlierThan(b, a) && a.contact > b.contact;
  };
  std::sort(all.begin(), all.end(), earlier);
  all.erase(std::unique(all.begin(), all.end(), Same), all.end());
  return all;
}

void TellImpressions(const Assessed& assessed, v1::Explanation* told) {
  const moments::Parts& parts = assessed.parts;
  const std::vector<Recent> all = ListImpressions(assessed);
  const moments::RecentImpressions recent(assessed.contacts, parts.service,
                                          assessed.policy.model.tail_max);
  double weight = 1;
  std::vector<double> weights;
  for (size_t k = 0; k < recent.size(); ++k, weight *= 0.75) weights.push_back(weight);
  int64_t turns = 0;
  for (const Recent& item : all) {
    v1::ImpressionStory& story = *told->add_impressions();
    publish::FillEvidence(assessed, item, story.mutable_evidence());
    story.set_contact(static_cast<int32_t>(item.contact - assessed.contacts.data()));
    const auto is = [&](const Recent& other) { return Same(item, other); };
    story.set_opening(
        std::any_of(parts.opening_impressions.begin(), parts.opening_impressions.end(), is));
    story.set_peak_positive(is(parts.strongest_positive));
    story.set_peak_negative(is(parts.strongest_negative));
    story.set_worst(is(parts.worst_impression));
    story.set_last(is(parts.last_impression));
    const auto place =
        static_cast<size_t>(std::find_if(recent.begin(), recent.end(), is) - recent.begin());
    if (place < recent.size()) {
      story.set_tail_place(static_cast<int32_t>(place));
      story.set_tail_weight(weights[place] * ToDouble(item.impression.confidence));
    }
    if (item.impression.cause == journey::Cause::kTurn) ++turns;
  }
  told->set_turns_left_out(parts.count_affect - turns);
}

void AddTerm(std::string_view part, double weight, const std::optional<affect::Nano>& value,
             v1::ScoreStory* score) {
  v1::ScoreStory::Term& term = *score->add_terms();
  term.set_part(std::string(part));
  term.set_weight(weight);
  term.set_value(ToDouble(value.value_or(0)));
  score->set_sum(score->sum() + weight * term.value());
}

// The peak that the classical formula takes: the larger one, of equals the negative.
std::optional<affect::Nano> DominantPeak(const moments::Parts& parts) {
  const affect::Nano positive = parts.peak_positive.value_or(0);
  const affect::Nano negative = parts.peak_negative.value_or(0);
  return std::abs(negative) >= std::abs(positive) ? negative : positive;
}

void TellScore(const Assessed& assessed, v1::Explanation* told) {
  const moments::Parts& parts = assessed.parts;
  if (!parts.score) return;
  v1::ScoreStory& score = *told->mutable_score();
  score.set_formula(assessed.policy.formula);
  const moments::MomentModel& model = assessed.policy.model;
  switch (model.formula) {
    case moments::Formula::kExperience:
      AddTerm("worst", ToDouble(model.worst_weight), parts.worst, &score);
      AddTerm("tail", ToDouble(model.tail_weight), parts.tail, &score);
      break;
    case moments::Formula::kClassical:
      AddTerm("peak", 0.5, DominantPeak(parts), &score);
      AddTerm("end", 0.5, parts.end, &score);
      break;
    case moments::Formula::kWorstEnd:
      AddTerm("worst", 0.5, parts.worst, &score);
      AddTerm("last", 0.5, parts.last, &score);
      break;
    case moments::Formula::kMean:
      AddTerm("mean", 1, parts.mean, &score);
      break;
  }
  const auto add_up = [&] {
    for (const v1::ImpressionStory& each : told->impressions()) {
      score.set_tail_weights(score.tail_weights() + each.tail_weight());
      score.set_tail_weighted(score.tail_weighted() +
                              each.tail_weight() * each.evidence().valence());
    }
  };
  add_up();
  if (score.tail_weights() > 0) return;
  // Nobody is sure of anything: then all count alike.
  for (v1::ImpressionStory& each : *told->mutable_impressions()) {
    if (each.has_tail_place()) each.set_tail_weight(std::pow(0.75, each.tail_place()));
  }
  add_up();
}

void TellContacts(const Assessed& assessed, v1::Explanation* told) {
  for (const Contact& contact : assessed.contacts) {
    v1::ContactStory& story = *told->add_contacts();
    story.set_contact_id(std::string(contact.id()));
    story.set_channel(publish::ChannelName(contact.channel()));
    story.set_queue_id(std::string(contact.queue_id()));
    story.set_touchpoint_id(std::string(contact.touchpoint_id()));
    story.set_tier(std::string(contact.tier()));
    story.set_started_at_ms(contact.first().at_ms);
    story.set_ended_at_ms(contact.last().at_ms);
    story.set_event_count(contact.event_count());
  }
}

void TellEnd(const Assessed& assessed, v1::Explanation* told) {
  if (!assessed.parts.terminal) return;
  v1::EndStory& ended = *told->mutable_ended_by();
  publish::FillEvidence(*assessed.parts.terminal, ended.mutable_evidence());
  const moments::TerminalImpression felt =
      moments::TerminalOf(assessed.parts.terminal->cause, assessed.policy.model);
  ended.set_valence(ToDouble(felt.valence));
  ended.set_confidence(ToDouble(felt.confidence));
}

void TellMoments(const Assessed& assessed, v1::Explanation* told) {
  v1::Moment moment;
  for (const v1::MomentKind kind : {v1::OPENING, v1::PEAK_POSITIVE, v1::PEAK_NEGATIVE, v1::END}) {
    if (publish::FillMoment(assessed, kind, &moment)) *told->add_moments() = moment;
  }
}

int64_t AsOfMs(const JourneySpan& span, v1::EndGrade grade, const journey::Windows& windows) {
  switch (grade) {
    case v1::JOURNEY_END_FINAL:
      return span.FinalAtMs(windows);
    case v1::JOURNEY_END_PROVISIONAL:
      return span.EndsAtMs(windows);
    default:
      return span.last.at_ms;
  }
}

// A journey of the state, and the one before it.
struct Found {
  JourneySpan span;
  journey::Identifier id;
  journey::Identifier previous;
};

std::optional<Found> Find(const publish::CustomerState& customer, const publish::Policy& policy,
                          const std::string& journey_id) {
  std::optional<Found> found;
  journey::Identifier previous = customer.previous_journey;
  for (const JourneySpan& span : publish::JourneysOf(customer, policy)) {
    const journey::Identifier id = publish::IdOf(customer, span);
    const journey::Identifier before = std::exchange(previous, id);
    if (!journey_id.empty() && journey::ToHex(id) != journey_id) continue;
    found = Found{span, id, span.before.empty() ? journey::Identifier{} : before};
  }
  return found;
}

}  // namespace

std::optional<std::string> FindJourney(const publish::CustomerState& customer,
                                       const publish::Policy& policy, const JourneyAsked& asked) {
  const std::optional<Found> found = Find(customer, policy, asked.journey_id);
  return found ? std::optional(journey::ToHex(found->id)) : std::nullopt;
}

bool TellJourney(const publish::CustomerState& customer, const publish::Policy& policy,
                 const JourneyAsked& asked, v1::Explanation* told) {
  const std::optional<Found> found = Find(customer, policy, asked.journey_id);
  if (!found) return false;
  const JourneySpan& span = found->span;
  const journey::ContactSet& contacts = customer.open()->contacts();
  const journey::Story story = contacts.StoryOf(span, AsOfMs(span, asked.grade, policy.windows));
  const moments::Parts parts = moments::Assess(story, policy.windows, policy.model);
  const bool over = asked.grade != v1::END_GRADE_UNSPECIFIED;
  const Assessed assessed{
      customer,  policy,    story.contacts(), parts,
      found->id, found->id, found->previous,  over ? asked.grade : v1::JOURNEY_END_PROVISIONAL};
  publish::FillJourney(assessed, contacts.SurveyOf(span, policy.windows), told->mutable_journey());
  if (!over) told->mutable_journey()->set_end_grade(v1::END_GRADE_UNSPECIFIED);
  TellMoments(assessed, told);
  TellContacts(assessed, told);
  TellImpressions(assessed, told);
  TellEnd(assessed, told);
  TellScore(assessed, told);
  if (!span.before.empty()) {
    publish::FillMemory(moments::FadedAt(span.before, span.first.at_ms, policy.model.half_lives),
                        told->mutable_memory());
  }
  return true;
}

}  // namespace peakend::explain
