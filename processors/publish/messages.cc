#include "processors/publish/messages.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/journey/identifier.h"
#include "processors/publish/channel_name.h"

namespace peakend::publish {
namespace {

using affect::ToDouble;
using journey::Contact;
using journey::Impression;
using moments::Parts;
using moments::Recent;

std::string Text(std::string_view view) { return std::string(view); }

// `made` is what stands behind the impression; null for a turn.
void FillEvidence(const Recent& item, const moments::ServiceImpression* made,
                  v1::Evidence* evidence) {
  const Impression& impression = item.impression;
  evidence->set_event_id(Text(item.event_id()));
  evidence->set_at_ms(impression.at_ms);
  evidence->set_valence(ToDouble(impression.valence));
  if (impression.has_confidence) evidence->set_confidence(ToDouble(impression.confidence));
  evidence->set_cause(Text(journey::CauseName(impression.cause)));
  if (made == nullptr) return;
  evidence->set_servqual(Text(journey::DimensionName(journey::DimensionOf(impression.cause))));
  evidence->set_count(made->count);
  evidence->set_gap(ToDouble(made->gap));
  if (made->basis == moments::Basis::kNone) return;
  evidence->set_basis(Text(moments::BasisName(made->basis)));
  const double unit = impression.cause == journey::Cause::kPoorAudio ? 1e-6 : 1;
  evidence->set_actual(static_cast<double>(made->actual) * unit);
  evidence->set_desired(static_cast<double>(made->desired) * unit);
  evidence->set_adequate(static_cast<double>(made->adequate) * unit);
}

void FillEvidence(const Assessed& assessed, const Recent& item, v1::Evidence* evidence) {
  const moments::ServiceImpression* made = assessed.parts.ServiceOf(item, assessed.contacts);
  FillEvidence(item, made, evidence);
  if (made != nullptr) {
    evidence->set_kano(
        Text(journey::KanoName(assessed.policy.model.experience.of(item.impression.cause).kano)));
  }
}

void FillEvidence(const journey::Terminal& terminal, v1::Evidence* evidence) {
  evidence->set_event_id(Text(terminal.event_id));
  evidence->set_at_ms(terminal.at.at_ms);
  evidence->set_cause(Text(journey::CauseName(terminal.cause)));
}

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

// Sets a field of `message` for each part that is there. Journey and Score name
// their fields alike.
template <typename Message>
void FillParts(const Parts& parts, Message* message) {
  const auto set = [message](const auto& part, void (Message::*setter)(double)) {
    if (part) (message->*setter)(ToDouble(*part));
  };
  set(parts.arrival, &Message::set_arrival);
  set(parts.opening, &Message::set_opening);
  set(parts.peak_positive, &Message::set_peak_positive);
  set(parts.peak_negative, &Message::set_peak_negative);
  set(parts.worst, &Message::set_worst);
  set(parts.last, &Message::set_last);
  set(parts.tail, &Message::set_tail);
  set(parts.end, &Message::set_end);
  set(parts.trend, &Message::set_trend);
  set(parts.mean, &Message::set_mean);
  set(parts.strain, &Message::set_strain);
  set(parts.score, &Message::set_score);
  set(parts.score_affect, &Message::set_score_affect);
  set(parts.remembered_minus_mean, &Message::set_remembered_minus_mean);
  message->set_count(parts.count);
  message->set_count_affect(parts.count_affect);
  message->set_thin(parts.thin());
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

struct MomentContent {
  affect::Nano valence = 0;
  int64_t at_ms = 0;
  absl::InlinedVector<Recent, 8> evidence;
  const Contact* contact = nullptr;
};

// A peak and whatever else the same event did to the customer, of the same sign: two
// causes of one moment.
void ReadPeak(const Assessed& assessed, const Recent& peak, MomentContent* content) {
  content->valence = peak.impression.valence;
  content->at_ms = peak.impression.at_ms;
  content->contact = peak.contact;
  content->evidence.push_back(peak);
  const auto index = static_cast<size_t>(peak.contact - assessed.contacts.data());
  for (const moments::ServiceImpression& made : assessed.parts.service[index]) {
    if (made.impression.event_hash == peak.impression.event_hash &&
        made.impression.cause != peak.impression.cause &&
        (made.impression.valence > 0) == (peak.impression.valence > 0)) {
      content->evidence.push_back(moments::RecentOf(made, *peak.contact));
    }
  }
}

bool ReadMoment(const Assessed& assessed, v1::MomentKind kind, MomentContent* content) {
  const Parts& parts = assessed.parts;
  switch (kind) {
    case v1::OPENING:
      if (!parts.opening) return false;
      content->valence = *parts.opening;
      content->at_ms = parts.opening_impressions.front().impression.at_ms;
      content->contact = parts.opening_impressions.front().contact;
      content->evidence = parts.opening_impressions;
      return true;
    case v1::PEAK_POSITIVE:
      if (!parts.peak_positive) return false;
      ReadPeak(assessed, parts.strongest_positive, content);
      return true;
    case v1::PEAK_NEGATIVE:
      if (!parts.peak_negative) return false;
      ReadPeak(assessed, parts.strongest_negative, content);
      return true;
    case v1::END:
      if (!parts.end) return false;
      content->contact = &assessed.contacts.back();
      if (parts.last_impression.contact != nullptr) {
        content->at_ms = parts.last_impression.impression.at_ms;
        content->contact = parts.last_impression.contact;
        content->evidence.push_back(parts.last_impression);
      }
      if (parts.terminal) content->at_ms = parts.terminal->at.at_ms;
      content->valence = *parts.end;
      return true;
    default:
      return false;
  }
}

std::string TwoDecimals(affect::Nano value) {
  std::array<char, 16> text;
  const int size = std::snprintf(text.data(), text.size(), "%.2f", ToDouble(value));
  return std::string(text.data(), static_cast<size_t>(size));
}

void FillAlertEvidence(const Assessed& assessed, const alerts::Alert& source, v1::Alert* alert) {
  v1::Evidence* trigger = alert->add_evidence();
  trigger->set_event_id(Text(source.trigger_event_id));
  trigger->set_at_ms(source.OccurredMs());
  trigger->set_cause(Text(journey::CauseName(source.cause)));
  constexpr int kMaxEvidence = 6;
  const moments::RecentImpressions recent(assessed.contacts, assessed.parts.service,
                                          assessed.policy.model.tail_max);
  for (const Recent& item : recent) {
    if (!source.due_at_ms && item.impression.event_hash == source.raised.hash &&
        item.impression.cause == source.cause) {
      FillEvidence(assessed, item, alert->mutable_evidence(0));
    } else if (alert->evidence_size() < kMaxEvidence) {
      FillEvidence(assessed, item, alert->add_evidence());
    }
  }
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
  if (survey != nullptr) {
    journey->set_survey_score(survey->score);
    journey->set_survey_kind(
        v1::Survey::Kind_IsValid(survey->kind)
            ? v1::Survey::Kind_Name(static_cast<v1::Survey::Kind>(survey->kind))
            : absl::StrCat("kind_", survey->kind));
    journey->set_survey_at_ms(survey->at.at_ms);
  }
  const journey::ContactSet& all = assessed.customer.open()->contacts;
  if (all.joined_contacts()) journey->add_truncated("max_contacts");
  if (all.forgot_event_ids()) journey->add_truncated("max_event_ids");
  const bool forgot_promises =
      all.settlements().forgot() ||
      std::any_of(assessed.contacts.begin(), assessed.contacts.end(),
                  [](const Contact& contact) { return contact.promises().forgot(); });
  if (forgot_promises) journey->add_truncated("max_promises");
  journey->set_policy_version(assessed.policy.stamp);
}

bool FillMoment(const Assessed& assessed, v1::MomentKind kind, v1::Moment* moment) {
  moment->Clear();
  MomentContent content;
  if (!ReadMoment(assessed, kind, &content)) return false;
  moment->set_tenant_id(Text(assessed.customer.tenant_id()));
  moment->set_customer_id(Text(assessed.customer.customer_id()));
  moment->set_journey_id(journey::ToHex(assessed.journey_id));
  moment->set_scope(assessed.is_journey() ? v1::Moment::JOURNEY : v1::Moment::CONTACT);
  moment->set_kind(kind);
  if (kind == v1::END) moment->set_end_grade(assessed.grade);
  if (!assessed.is_journey()) moment->set_contact_id(Text(content.contact->id()));
  moment->set_valence(ToDouble(content.valence));
  moment->set_intensity(std::abs(ToDouble(content.valence)));
  moment->set_at_ms(content.at_ms);
  moment->set_queue_id(Text(content.contact->queue_id()));
  moment->set_agent_id(Text(content.contact->agent_id()));
  moment->set_channel(ChannelName(content.contact->channel()));
  moment->set_touchpoint_id(Text(content.contact->touchpoint_id()));
  moment->set_tier(Text(content.contact->tier()));
  for (const Recent& item : content.evidence) FillEvidence(assessed, item, moment->add_evidence());
  if (kind == v1::END && assessed.parts.terminal) {
    FillEvidence(*assessed.parts.terminal, moment->add_evidence());
  }
  moment->set_policy_version(assessed.policy.stamp);
  return true;
}

void FillAlert(const Assessed& assessed, const alerts::Transition& transition,
               const Contact& contact, v1::Alert* alert) {
  const alerts::Alert& source = *transition.alert;
  const alerts::Rule& rule = assessed.policy.rules[source.rule];
  alert->Clear();
  alert->set_alert_id(journey::ToHex(source.id));
  alert->set_dedupe_key(absl::StrCat(Text(assessed.customer.key()), "/",
                                     journey::ToHex(source.journey_id), "/", rule.name, "/",
                                     v1::MomentKind_Name(rule.moment_kind())));
  alert->set_row_version(source.row_version);
  alert->set_state(source.state);
  alert->set_reason(Text(alerts::ReasonName(transition.reason)));
  alert->set_severity(rule.severity);
  alert->set_urgency(source.stale || source.over_budget ? v1::Alert::LIST : rule.urgency);
  alert->set_over_budget(source.over_budget);
  alert->set_stale(source.stale);
  alert->set_rule(rule.name);
  alert->set_moment_kind(rule.moment_kind());
  alert->set_tenant_id(Text(assessed.customer.tenant_id()));
  alert->set_customer_id(Text(assessed.customer.customer_id()));
  alert->set_journey_id(journey::ToHex(assessed.journey_id));
  alert->set_contact_id(Text(contact.id()));
  alert->set_queue_id(Text(contact.queue_id()));
  alert->set_agent_id(Text(contact.agent_id()));
  alert->set_channel(ChannelName(contact.channel()));
  alert->set_touchpoint_id(Text(contact.touchpoint_id()));
  alert->set_tier(Text(contact.tier()));
  alert->set_occurred_at_ms(source.OccurredMs());
  alert->set_updated_at_ms(source.updated_at_ms);
  alert->set_follow_up_due_at_ms(source.follow_up_due_at_ms);
  v1::Score* score = alert->mutable_score();
  FillParts(assessed.parts, score);
  if (assessed.parts.trend_from_arrival) {
    score->set_trend_from_arrival(ToDouble(*assessed.parts.trend_from_arrival));
  }
  score->set_formula(assessed.policy.formula);
  FillAlertEvidence(assessed, source, alert);
  auto& params = *alert->mutable_message_params();
  params["valence"] = TwoDecimals(source.value);
  if (assessed.parts.score) params["score"] = TwoDecimals(*assessed.parts.score);
  params["queue"] = alert->queue_id();
  params["contact"] = alert->contact_id();
  alert->set_policy_version(assessed.policy.stamp);
}

}  // namespace peakend::publish
