#include "processors/journey/event_facts.h"

#include "processors/journey/identifier.h"

namespace peakend::journey {
namespace {

FactKind KindOf(const ingest::LifecycleView& lifecycle) {
  switch (lifecycle.state) {
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

FactKind KindOf(const ingest::TurnView& turn) {
  switch (turn.role) {
    case v1::Turn::CUSTOMER:
      return FactKind::kCustomerTurn;
    case v1::Turn::AGENT:
    case v1::Turn::BOT:
      return FactKind::kAnswer;
    default:
      return FactKind::kAlive;
  }
}

void ReadSurvey(const ingest::EventView& event, EventFacts& facts) {
  const ingest::SurveyView& survey = event.survey;
  const ingest::ScaleView& scale = event.scale;
  const bool answered =
      survey.status == v1::Survey::ANSWERED || survey.status == v1::Survey::PARTIAL;
  if (!answered || !scale.complete()) return;
  facts.kind = FactKind::kSurvey;
  facts.survey_kind = survey.kind;
  const double share = (*scale.raw - *scale.min) / (*scale.max - *scale.min);
  facts.survey_score = survey.polarity == v1::Survey::LOWER_IS_BETTER ? 1 - share : share;
  if (!survey.for_contact_id.empty()) facts.contact_id = survey.for_contact_id;
}

}  // namespace

EventFacts ReadFacts(const ingest::EventView& event) {
  EventFacts facts;
  facts.at_ms = event.occurred_at_ms;
  facts.hash = EventHash(event.source, event.event_id);
  facts.event_id = event.event_id;
  facts.contact_id = event.contact_id;
  facts.channel = event.channel;
  facts.queue_id = event.queue_id;
  facts.agent_id = event.agent_id;
  switch (event.payload) {
    case v1::InteractionEvent::kTurn:
      facts.kind = KindOf(event.turn);
      facts.affect = affect::FromTurn(event);
      break;
    case v1::InteractionEvent::kLifecycle:
      facts.kind = KindOf(event.lifecycle);
      facts.wait_ms = event.lifecycle.wait_ms.value_or(-1);
      break;
    case v1::InteractionEvent::kSurvey:
      ReadSurvey(event, facts);
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
