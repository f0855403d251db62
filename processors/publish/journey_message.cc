// Journeys as messages.
#include <algorithm>
#include <optional>
#include <string>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "processors/journey/identifier.h"
#include "processors/moments/peak_clock.h"
#include "processors/publish/channel_name.h"
#include "processors/publish/evidence.h"
#include "processors/publish/messages.h"

namespace peakend::publish {
namespace {

using affect::ToDouble;
using journey::Contact;
using moments::Parts;
using moments::Recent;

// All that stands behind the parts, in event-time order, without repetition.
void AddEvidence(const Assessed& assessed, v1::Journey* journey) {
  const Parts& parts = assessed.parts;
  absl::InlinedVector<Recent, 12> items(parts.opening_impressions.begin(),
                                        parts.opening_impressions.end());
  for (const Recent& item : {parts.strongest_positive, parts.strongest_negative,
                             parts.worst_impression, parts.last_impression}) {
    if (item.contact != nullptr) items.push_back(item);
  }
  const auto place = [](const Recent& item) {
    return std::make_tuple(item.impression.at_ms, item.impression.event_hash,
                           item.impression.cause);
  };
  std::sort(items.begin(), items.end(),
            [&](const Recent& a, const Recent& b) { return place(a) < place(b); });
  items.erase(std::unique(items.begin(), items.end(),
                          [&](const Recent& a, const Recent& b) { return place(a) == place(b); }),
              items.end());
  for (const Recent& item : items) FillEvidence(assessed, item, journey->add_evidence());
  if (parts.terminal) FillEvidence(*parts.terminal, journey->add_evidence());
}

void FillServqual(const Parts& parts, v1::Journey* journey) {
  const auto set = [&](journey::Dimension dimension, void (v1::Journey::*setter)(double)) {
    const std::optional<affect::Nano>& gap = parts.servqual[static_cast<size_t>(dimension)];
    if (gap) (journey->*setter)(ToDouble(*gap));
  };
  set(journey::Dimension::kReliability, &v1::Journey::set_gap_reliability);
  set(journey::Dimension::kResponsiveness, &v1::Journey::set_gap_responsiveness);
  set(journey::Dimension::kAssurance, &v1::Journey::set_gap_assurance);
  set(journey::Dimension::kEmpathy, &v1::Journey::set_gap_empathy);
  set(journey::Dimension::kTangibles, &v1::Journey::set_gap_tangibles);
}

void FillPromises(const Parts& parts, v1::Journey* journey) {
  journey->set_promises_made(parts.promises.made);
  journey->set_promises_kept(parts.promises.kept);
  journey->set_promises_broken(parts.promises.broken);
  journey->set_promises_open(parts.promises.open);
  for (const moments::ServiceImpressions& of : parts.service) {
    for (const moments::ServiceImpression& made : of) {
      if (made.impression.cause != journey::Cause::kRepeatContact) continue;
      journey->set_repeat_contacts(journey->repeat_contacts() + 1);
    }
  }
}

void FillContacts(const Assessed& assessed, v1::Journey* journey) {
  int64_t events = 0;
  for (const Contact& contact : assessed.contacts) {
    const std::string id = Text(contact.id());
    const auto& ids = journey->contact_ids();
    if (!id.empty() && std::find(ids.begin(), ids.end(), id) == ids.end()) {
      journey->add_contact_ids(id);
    }
    const std::string channel = ChannelName(contact.channel());
    const auto& channels = journey->channels();
    if (std::find(channels.begin(), channels.end(), channel) == channels.end()) {
      journey->add_channels(channel);
    }
    events += contact.event_count();
    if (!contact.abandoned()) continue;
    if (contact.IsShortAbandon(assessed.policy.windows)) {
      journey->set_short_abandons(journey->short_abandons() + 1);
    } else {
      journey->set_abandoned_contacts(journey->abandoned_contacts() + 1);
    }
  }
  journey->set_event_count(events);
  const Contact* tiered = nullptr;
  for (const Contact& contact : assessed.contacts) {
    if (contact.tier().empty()) continue;
    if (tiered == nullptr || tiered->tier_named_at() < contact.tier_named_at()) tiered = &contact;
  }
  if (tiered != nullptr) journey->set_tier(Text(tiered->tier()));
}

void FillPeakClock(const Assessed& assessed, v1::Journey* journey) {
  if (!assessed.parts.peak_negative) return;
  const moments::PeakClock clock = ClockOf(
      assessed.contacts, assessed.parts.strongest_negative.impression.at_ms, assessed.policy.model);
  if (clock.to_response_ms) journey->set_peak_to_response_ms(*clock.to_response_ms);
  if (clock.to_recovery_ms) journey->set_peak_to_recovery_ms(*clock.to_recovery_ms);
}

}  // namespace

void FillJourney(const Assessed& assessed, const journey::SurveyAnswer* survey,
                 v1::Journey* journey) {
  journey->Clear();
  journey->set_journey_id(journey::ToHex(assessed.id));
  journey->set_tenant_id(Text(assessed.customer.tenant_id()));
  journey->set_customer_id(Text(assessed.customer.customer_id()));
  if (!assessed.previous_journey.empty()) {
    journey->set_previous_journey_id(journey::ToHex(assessed.previous_journey));
  }
  int64_t ended_at_ms = assessed.contacts.front().last().at_ms;
  for (const Contact& contact : assessed.contacts) {
    ended_at_ms = std::max(ended_at_ms, contact.last().at_ms);
  }
  journey->set_started_at_ms(assessed.contacts.front().first().at_ms);
  journey->set_ended_at_ms(ended_at_ms);
  journey->set_duration_ms(ended_at_ms - journey->started_at_ms());
  journey->set_end_grade(assessed.grade);
  FillContacts(assessed, journey);
  FillParts(assessed.parts, journey);
  journey->set_formula(assessed.policy.formula);
  AddEvidence(assessed, journey);
  FillServqual(assessed.parts, journey);
  FillPromises(assessed.parts, journey);
  FillPeakClock(assessed, journey);
  if (survey != nullptr) {
    journey->set_survey_score(survey->score);
    journey->set_survey_kind(
        v1::Survey::Kind_IsValid(survey->kind)
            ? v1::Survey::Kind_Name(static_cast<v1::Survey::Kind>(survey->kind))
            : absl::StrCat("kind_", survey->kind));
    journey->set_survey_at_ms(survey->at.at_ms);
  }
  const journey::ContactSet& all = assessed.customer.open()->contacts();
  if (all.joined_contacts()) journey->add_truncated("max_contacts");
  if (all.forgot_event_ids()) journey->add_truncated("max_event_ids");
  const bool forgot_promises =
      all.settlements().forgot() ||
      std::any_of(assessed.contacts.begin(), assessed.contacts.end(),
                  [](const Contact& contact) { return contact.promises().forgot(); });
  if (forgot_promises) journey->add_truncated("max_promises");
  const CustomerIdentity* identity = assessed.customer.identity();
  if (identity != nullptr && identity->links.forgot()) journey->add_truncated("max_identities");
  journey->set_policy_version(assessed.policy.stamp);
}

}  // namespace peakend::publish
