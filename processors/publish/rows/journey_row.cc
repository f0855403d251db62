#include "processors/publish/rows/journey_row.h"

#include <string>

#include "absl/strings/ascii.h"
#include "processors/publish/rows/part_columns.h"
#include "processors/publish/rows/row_words.h"

namespace peakend::publish {
namespace {

// The one that was named last.
std::string ProducerOf(absl::Span<const journey::Contact> contacts) {
  const journey::Contact* latest = nullptr;
  for (const journey::Contact& contact : contacts) {
    if (contact.producer().empty()) continue;
    if (latest == nullptr || latest->producer_named_at() < contact.producer_named_at()) {
      latest = &contact;
    }
  }
  return latest == nullptr ? std::string() : std::string(latest->producer());
}

void FillOutcome(const v1::Journey& journey, bi::v1::JourneyRow* row) {
  if (journey.has_peak_to_response_ms()) {
    row->set_peak_to_response_ms(journey.peak_to_response_ms());
  }
  if (journey.has_peak_to_recovery_ms()) {
    row->set_peak_to_recovery_ms(journey.peak_to_recovery_ms());
  }
  if (!journey.has_survey_score()) return;
  row->set_survey_score(journey.survey_score());
  row->set_survey_kind(absl::AsciiStrToLower(journey.survey_kind()));
  row->set_survey_at_ms(journey.survey_at_ms());
}

}  // namespace

void FillJourneyRow(const v1::Journey& journey, const Assessed* assessed, bi::v1::JourneyRow* row) {
  row->Clear();
  row->set_journey_id(journey.journey_id());
  row->set_superseded_by(journey.superseded_by());
  if (assessed == nullptr) return;
  row->set_previous_journey_id(journey.previous_journey_id());
  row->set_started_at_ms(journey.started_at_ms());
  row->set_ended_at_ms(journey.ended_at_ms());
  row->set_duration_ms(journey.duration_ms());
  row->set_end_grade(EndGradeWord(journey.end_grade()));
  row->set_contact_count(static_cast<int32_t>(assessed->contacts.size()));
  row->set_channel_count(journey.channels_size());
  if (journey.channels_size() > 0) row->set_first_channel(journey.channels(0));
  row->set_event_count(journey.event_count());
  row->set_abandoned_contacts(journey.abandoned_contacts());
  row->set_short_abandons(journey.short_abandons());
  row->set_repeat_contacts(journey.repeat_contacts());
  row->set_promises_made(journey.promises_made());
  row->set_promises_kept(journey.promises_kept());
  row->set_promises_broken(journey.promises_broken());
  row->set_promises_open(journey.promises_open());
  FillPartColumns(assessed->parts, assessed->policy.formula, row);
  row->set_sentiment_producer(ProducerOf(assessed->contacts));
  FillOutcome(journey, row);
  row->set_tier(journey.tier());
  row->set_is_truncated(journey.truncated_size() > 0);
}

}  // namespace peakend::publish
