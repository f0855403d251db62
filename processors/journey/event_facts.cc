#include "processors/journey/event_facts.h"

#include "processors/journey/identifier.h"

namespace peakend::journey {
namespace {

FactKind KindOf(const v1::Lifecycle& lifecycle) {
  switch (lifecycle.state()) {
    case v1::Lifecycle::QUEUED:
      return FactKind::kQueued;
    case v1::Lifecycle::CONNECTED:
      return FactKind::kAnswer;
    case v1::Lifecycle::ABANDONED:
      return FactKind::kAbandoned;
    case v1::Lifecycle::RESOLVED:
      return FactKind::kResolved;
    case v1::Lifecycle::DISCONNECTED:
    case v1::Lifecycle::EXPIRED:
      return FactKind::kEnded;
    // The customer does not live through these.
    case v1::Lifecycle::WRAP_START:
    case v1::Lifecycle::WRAP_END:
    case v1::Lifecycle::MONITOR_START:
    case v1::Lifecycle::UPDATED:
    case v1::Lifecycle::SNOOZED:
      return FactKind::kNone;
    default:
      return FactKind::kAlive;
  }
}

FactKind KindOf(const v1::Turn& turn) {
  switch (turn.role()) {
    case v1::Turn::CUSTOMER:
      return FactKind::kCustomerTurn;
    case v1::Turn::AGENT:
    case v1::Turn::BOT:
      return FactKind::kAnswer;
    default:
      return FactKind::kAlive;
  }
}

void ReadSurvey(const v1::Survey& survey, EventFacts& facts) {
  const bool answered =
      survey.status() == v1::Survey::ANSWERED || survey.status() == v1::Survey::PARTIAL;
  if (!answered || !survey.has_raw() || !survey.has_raw_min() || !survey.has_raw_max()) return;
  facts.kind = FactKind::kSurvey;
  facts.survey_kind = survey.kind();
  const double share = (survey.raw() - survey.raw_min()) / (survey.raw_max() - survey.raw_min());
  facts.survey_score = survey.polarity() == v1::Survey::LOWER_IS_BETTER ? 1 - share : share;
  if (!survey.for_contact_id().empty()) facts.contact_id = survey.for_contact_id();
}

}  // namespace

EventFacts ReadFacts(const v1::InteractionEvent& event) {
  EventFacts facts;
  facts.at_ms = event.occurred_at_ms();
  facts.hash = EventHash(event.source(), event.event_id());
  facts.event_id = event.event_id();
  facts.contact_id = event.contact().contact_id();
  facts.channel = event.channel();
  facts.queue_id = event.queue().id();
  facts.agent_id = event.agent().id();
  switch (event.payload_case()) {
    case v1::InteractionEvent::kTurn:
      facts.kind = KindOf(event.turn());
      facts.affect = affect::FromTurn(event.turn(), event.customer().customer_id());
      break;
    case v1::InteractionEvent::kLifecycle:
      facts.kind = KindOf(event.lifecycle());
      if (event.lifecycle().has_wait_ms()) facts.wait_ms = event.lifecycle().wait_ms();
      break;
    case v1::InteractionEvent::kSurvey:
      ReadSurvey(event.survey(), facts);
      break;
    case v1::InteractionEvent::kSignal:
    case v1::InteractionEvent::kPromise:
    case v1::InteractionEvent::PAYLOAD_NOT_SET:
      facts.kind = FactKind::kAlive;
      break;
    default:
      break;
  }
  return facts;
}

}  // namespace peakend::journey
