#include "processors/publish/rows/survey_row.h"

#include "processors/journey/event_facts.h"
#include "processors/journey/identifier.h"
#include "processors/publish/channel_name.h"
#include "processors/publish/evidence.h"
#include "processors/publish/rows/row_words.h"

namespace peakend::publish {

void FillSurveyRow(const ingest::EventView& event, bi::v1::SurveyRow* row) {
  const ingest::SurveyView& survey = event.survey;
  row->Clear();
  row->set_survey_key(journey::ToHex(journey::MakeIdentifier(
      {"survey", event.tenant_id, event.customer_id, event.source, event.event_id})));
  row->set_contact_id(
      Text(survey.for_contact_id.empty() ? event.contact_id : survey.for_contact_id));
  row->set_kind(SurveyKindWord(survey.kind));
  row->set_status(SurveyStatusWord(survey.status));
  row->set_occurred_at_ms(event.occurred_at_ms);
  if (survey.asked_at_ms > 0) row->set_asked_at_ms(survey.asked_at_ms);
  if (const auto score = journey::ReadFacts(event).survey_score) row->set_score(*score);
  if (event.scale.raw) row->set_raw(*event.scale.raw);
  if (event.scale.min) row->set_raw_min(*event.scale.min);
  if (event.scale.max) row->set_raw_max(*event.scale.max);
  row->set_channel(ChannelName(event.channel));
  row->set_queue_id(Text(event.queue_id));
  row->set_agent_id(Text(event.agent_id));
  row->set_touchpoint_id(Text(event.touchpoint_id));
  row->set_tier(Text(event.tier));
  row->set_event_id(Text(event.event_id));
}

}  // namespace peakend::publish
