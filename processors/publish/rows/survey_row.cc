#include "processors/publish/rows/survey_row.h"

#include <optional>

#include "peakend/bi/v1/survey_row.pb.h"
#include "processors/journey/event_facts.h"
#include "processors/publish/channel_name.h"
#include "processors/publish/rows/row_words.h"

namespace peakend::publish {

journey::Identifier SurveyKey(const ingest::EventView& event) {
  return journey::MakeIdentifier(
      {"survey", event.tenant_id, event.customer_id, event.source, event.event_id});
}

void FillSurveyRow(const ingest::EventView& event, journey::RecordBytes& row) {
  using bi::v1::SurveyRow;
  const ingest::SurveyView& survey = event.survey;
  row.Bytes(SurveyRow::kContactIdFieldNumber,
            survey.for_contact_id.empty() ? event.contact_id : survey.for_contact_id);
  row.Bytes(SurveyRow::kKindFieldNumber, SurveyKindWord(survey.kind));
  row.Bytes(SurveyRow::kStatusFieldNumber, SurveyStatusWord(survey.status));
  row.PresentInt(SurveyRow::kOccurredAtMsFieldNumber, event.occurred_at_ms);
  if (survey.asked_at_ms > 0) row.PresentInt(SurveyRow::kAskedAtMsFieldNumber, survey.asked_at_ms);
  const auto number = [&row](int field, const std::optional<double>& value) {
    if (value) row.PresentDouble(field, *value);
  };
  number(SurveyRow::kScoreFieldNumber, journey::ReadFacts(event).survey_score);
  number(SurveyRow::kRawFieldNumber, event.scale.raw);
  number(SurveyRow::kRawMinFieldNumber, event.scale.min);
  number(SurveyRow::kRawMaxFieldNumber, event.scale.max);
  row.Bytes(SurveyRow::kChannelFieldNumber, ChannelName(event.channel));
  row.Bytes(SurveyRow::kQueueIdFieldNumber, event.queue_id);
  row.Bytes(SurveyRow::kAgentIdFieldNumber, event.agent_id);
  row.Bytes(SurveyRow::kTouchpointIdFieldNumber, event.touchpoint_id);
  row.Bytes(SurveyRow::kTierFieldNumber, event.tier);
  row.Bytes(SurveyRow::kEventIdFieldNumber, event.event_id);
}

}  // namespace peakend::publish
