#include "processors/publish/rows/touchpoint_row.h"

#include <cmath>

#include "peakend/bi/v1/touchpoint_row.pb.h"
#include "processors/publish/channel_name.h"
#include "processors/publish/evidence.h"
#include "processors/publish/rows/evidence_columns.h"

namespace peakend::publish {
namespace {

using affect::ToDouble;
using bi::v1::TouchpointRow;
using journey::RecordBytes;

void FillPlace(const TouchpointPlace& place, RecordBytes& row) {
  row.Bytes(TouchpointRow::kJourneyIdFieldNumber, journey::HexDigits(place.journey_id).view());
  row.Bytes(TouchpointRow::kContactIdFieldNumber, place.contact.id());
  row.Bytes(TouchpointRow::kContactKeyFieldNumber, journey::HexDigits(place.contact_key).view());
}

void FillValence(affect::Nano valence, RecordBytes& row) {
  row.PresentDouble(TouchpointRow::kValenceFieldNumber, ToDouble(valence));
  row.PresentDouble(TouchpointRow::kIntensityFieldNumber, std::abs(ToDouble(valence)));
}

// What the turn itself names, else what is known of its contact.
std::string_view Named(std::string_view by_turn, std::string_view by_contact) {
  return by_turn.empty() ? by_contact : by_turn;
}

}  // namespace

void FillTouchpointRow(const journey::EventFacts& facts, const TouchpointPlace& place,
                       RecordBytes& row) {
  const journey::Contact& contact = place.contact;
  const std::string_view touchpoint_id = Named(facts.touchpoint_id, contact.touchpoint_id());
  FillPlace(place, row);
  row.PresentInt(TouchpointRow::kOccurredAtMsFieldNumber, facts.at_ms);
  row.Bytes(TouchpointRow::kCauseFieldNumber, journey::CauseName(journey::Cause::kTurn));
  row.Bytes(TouchpointRow::kAttributedToFieldNumber,
            AttributedTo(journey::Cause::kTurn, contact, touchpoint_id, place.policy));
  FillValence(facts.affect->valence, row);
  if (facts.affect->has_confidence) {
    row.PresentDouble(TouchpointRow::kConfidenceFieldNumber, ToDouble(facts.affect->confidence));
  }
  row.Int(TouchpointRow::kEventCountFieldNumber, 1);
  row.Bytes(TouchpointRow::kEventIdFieldNumber, facts.event_id);
  row.Bytes(TouchpointRow::kChannelFieldNumber, ChannelName(contact.channel()));
  row.Bytes(TouchpointRow::kQueueIdFieldNumber, Named(facts.queue_id, contact.queue_id()));
  row.Bytes(TouchpointRow::kAgentIdFieldNumber, Named(facts.agent_id, contact.agent_id()));
  row.Bytes(TouchpointRow::kTouchpointIdFieldNumber, touchpoint_id);
  row.Bytes(TouchpointRow::kTierFieldNumber, contact.tier());
  row.Bytes(TouchpointRow::kLanguageFieldNumber, facts.language);
  row.Bytes(TouchpointRow::kSentimentProducerFieldNumber, facts.producer);
}

void FillTouchpointRow(const Assessed& assessed, const moments::ServiceImpression& made,
                       RecordBytes& row) {
  const journey::Contact& contact = assessed.contacts.front();
  v1::Evidence evidence;
  FillEvidence(assessed, moments::RecentOf(made, contact), &evidence);
  FillPlace({contact, assessed.id, assessed.journey_id, assessed.policy}, row);
  row.PresentInt(TouchpointRow::kOccurredAtMsFieldNumber, made.impression.at_ms);
  row.Bytes(TouchpointRow::kCauseFieldNumber, evidence.cause());
  row.Bytes(TouchpointRow::kAttributedToFieldNumber,
            AttributedTo(evidence, contact, contact.touchpoint_id(), assessed.policy));
  FillValence(made.impression.valence, row);
  if (evidence.has_confidence()) {
    row.PresentDouble(TouchpointRow::kConfidenceFieldNumber, evidence.confidence());
  }
  FillExpectationColumns<TouchpointRow>(evidence, row);
  row.Int(TouchpointRow::kEventCountFieldNumber, made.count);
  row.Bytes(TouchpointRow::kEventIdFieldNumber, evidence.event_id());
  row.Bytes(TouchpointRow::kChannelFieldNumber, ChannelName(contact.channel()));
  row.Bytes(TouchpointRow::kQueueIdFieldNumber, contact.queue_id());
  row.Bytes(TouchpointRow::kAgentIdFieldNumber, contact.agent_id());
  row.Bytes(TouchpointRow::kTouchpointIdFieldNumber, contact.touchpoint_id());
  row.Bytes(TouchpointRow::kTierFieldNumber, contact.tier());
}

}  // namespace peakend::publish
