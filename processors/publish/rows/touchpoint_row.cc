#include "processors/publish/rows/touchpoint_row.h"

#include <cmath>

#include "processors/publish/channel_name.h"
#include "processors/publish/evidence.h"
#include "processors/publish/rows/evidence_columns.h"

namespace peakend::publish {
namespace {

using affect::ToDouble;

void FillPlace(const TouchpointPlace& place, bi::v1::TouchpointRow* row) {
  row->set_journey_id(journey::ToHex(place.journey_id));
  row->set_contact_key(journey::ToHex(place.contact_key));
  row->set_contact_id(Text(place.contact.id()));
  row->set_channel(ChannelName(place.contact.channel()));
  row->set_tier(Text(place.contact.tier()));
}

void FillValence(affect::Nano valence, bi::v1::TouchpointRow* row) {
  row->set_valence(ToDouble(valence));
  row->set_intensity(std::abs(ToDouble(valence)));
}

}  // namespace

void FillTouchpointRow(const journey::EventFacts& facts, const TouchpointPlace& place,
                       bi::v1::TouchpointRow* row) {
  row->Clear();
  FillPlace(place, row);
  row->set_occurred_at_ms(facts.at_ms);
  row->set_cause(Text(journey::CauseName(journey::Cause::kTurn)));
  row->set_attributed_to(Text(AttributedTo(journey::Cause::kTurn, place.contact)));
  FillValence(facts.affect->valence, row);
  if (facts.affect->has_confidence) row->set_confidence(ToDouble(facts.affect->confidence));
  row->set_event_count(1);
  row->set_event_id(Text(facts.event_id));
  // What the turn itself names, else what is known of its contact.
  row->set_queue_id(Text(facts.queue_id.empty() ? place.contact.queue_id() : facts.queue_id));
  row->set_agent_id(Text(facts.agent_id.empty() ? place.contact.agent_id() : facts.agent_id));
  row->set_touchpoint_id(
      Text(facts.touchpoint_id.empty() ? place.contact.touchpoint_id() : facts.touchpoint_id));
  row->set_language(Text(facts.language));
  row->set_sentiment_producer(Text(facts.producer));
}

void FillTouchpointRow(const Assessed& assessed, const moments::ServiceImpression& made,
                       bi::v1::TouchpointRow* row) {
  const journey::Contact& contact = assessed.contacts.front();
  row->Clear();
  FillPlace({contact, assessed.id, assessed.journey_id}, row);
  v1::Evidence evidence;
  FillEvidence(assessed, moments::RecentOf(made, contact), &evidence);
  FillEvidenceColumns(evidence, contact, row);
  row->set_occurred_at_ms(made.impression.at_ms);
  FillValence(made.impression.valence, row);
  row->set_event_count(made.count);
  row->set_queue_id(Text(contact.queue_id()));
  row->set_agent_id(Text(contact.agent_id()));
  row->set_touchpoint_id(Text(contact.touchpoint_id()));
}

}  // namespace peakend::publish
