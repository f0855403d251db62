// Moments as messages.
#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "processors/affect/phrase_book.h"
#include "processors/journey/identifier.h"
#include "processors/publish/channel_name.h"
#include "processors/publish/evidence.h"
#include "processors/publish/messages.h"

namespace peakend::publish {
namespace {

using affect::PhraseClass;
using affect::ToDouble;
using journey::Contact;
using moments::Parts;
using moments::Recent;

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

void AddAgentActs(const Contact& contact, std::initializer_list<PhraseClass> acts,
                  v1::Moment* moment) {
  for (const PhraseClass act : acts) {
    if (Holds(contact.acts(), act)) moment->add_agent_acts(Text(PhraseClassName(act)));
  }
}

// How agents began, and how they left.
void FillAgentActs(const Assessed& assessed, v1::Moment* moment) {
  using enum PhraseClass;
  if (moment->kind() == v1::OPENING) {
    AddAgentActs(assessed.contacts.front(), {kGreeting, kNeedRestated}, moment);
  } else if (moment->kind() == v1::END) {
    const auto ends_last =
        std::max_element(assessed.contacts.begin(), assessed.contacts.end(),
                         [](const Contact& a, const Contact& b) { return a.last() < b.last(); });
    AddAgentActs(*ends_last, {kApology, kNextStep, kThanks}, moment);
  }
}

}  // namespace

const Contact* FillMoment(const Assessed& assessed, v1::MomentKind kind, v1::Moment* moment) {
  moment->Clear();
  MomentContent content;
  if (!ReadMoment(assessed, kind, &content)) return nullptr;
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
  FillAgentActs(assessed, moment);
  moment->set_policy_version(assessed.policy.stamp);
  return content.contact;
}

}  // namespace peakend::publish
