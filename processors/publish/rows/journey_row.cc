#include "processors/publish/rows/journey_row.h"

#include <string_view>

#include "absl/strings/ascii.h"
#include "peakend/bi/v1/journey_row.pb.h"
#include "processors/publish/rows/part_columns.h"
#include "processors/publish/rows/row_words.h"

namespace peakend::publish {
namespace {

using bi::v1::JourneyRow;
using journey::RecordBytes;

// The one that was named last.
std::string_view ProducerOf(absl::Span<const journey::Contact> contacts) {
  const journey::Contact* latest = nullptr;
  for (const journey::Contact& contact : contacts) {
    if (contact.producer().empty()) continue;
    if (latest == nullptr || latest->producer_named_at() < contact.producer_named_at()) {
      latest = &contact;
    }
  }
  return latest == nullptr ? std::string_view() : latest->producer();
}

void FillCounts(const v1::Journey& journey, RecordBytes& row) {
  row.Int(JourneyRow::kEventCountFieldNumber, journey.event_count());
  row.Int(JourneyRow::kAbandonedContactsFieldNumber, journey.abandoned_contacts());
  row.Int(JourneyRow::kShortAbandonsFieldNumber, journey.short_abandons());
  row.Int(JourneyRow::kRepeatContactsFieldNumber, journey.repeat_contacts());
  row.Int(JourneyRow::kPromisesMadeFieldNumber, journey.promises_made());
  row.Int(JourneyRow::kPromisesKeptFieldNumber, journey.promises_kept());
  row.Int(JourneyRow::kPromisesBrokenFieldNumber, journey.promises_broken());
  row.Int(JourneyRow::kPromisesOpenFieldNumber, journey.promises_open());
}

void FillOutcome(const v1::Journey& journey, RecordBytes& row) {
  if (journey.has_peak_to_response_ms()) {
    row.PresentInt(JourneyRow::kPeakToResponseMsFieldNumber, journey.peak_to_response_ms());
  }
  if (journey.has_peak_to_recovery_ms()) {
    row.PresentInt(JourneyRow::kPeakToRecoveryMsFieldNumber, journey.peak_to_recovery_ms());
  }
  if (!journey.has_survey_score()) return;
  row.PresentDouble(JourneyRow::kSurveyScoreFieldNumber, journey.survey_score());
  row.Bytes(JourneyRow::kSurveyKindFieldNumber, absl::AsciiStrToLower(journey.survey_kind()));
  row.PresentInt(JourneyRow::kSurveyAtMsFieldNumber, journey.survey_at_ms());
}

}  // namespace

void FillJourneyRow(const v1::Journey& journey, const Assessed* assessed, RecordBytes& row) {
  row.Bytes(JourneyRow::kSupersededByFieldNumber, journey.superseded_by());
  if (assessed == nullptr) return;
  row.Bytes(JourneyRow::kPreviousJourneyIdFieldNumber, journey.previous_journey_id());
  row.PresentInt(JourneyRow::kStartedAtMsFieldNumber, journey.started_at_ms());
  row.PresentInt(JourneyRow::kEndedAtMsFieldNumber, journey.ended_at_ms());
  row.PresentInt(JourneyRow::kDurationMsFieldNumber, journey.duration_ms());
  row.Bytes(JourneyRow::kEndGradeFieldNumber, EndGradeWord(journey.end_grade()));
  row.Int(JourneyRow::kContactCountFieldNumber, static_cast<int64_t>(assessed->contacts.size()));
  row.Int(JourneyRow::kChannelCountFieldNumber, journey.channels_size());
  if (journey.channels_size() > 0)
    row.Bytes(JourneyRow::kFirstChannelFieldNumber, journey.channels(0));
  FillCounts(journey, row);
  FillPartColumns<JourneyRow>(assessed->parts, assessed->policy.formula,
                              ProducerOf(assessed->contacts), row);
  FillOutcome(journey, row);
  row.Bytes(JourneyRow::kTierFieldNumber, journey.tier());
  row.Int(JourneyRow::kIsTruncatedFieldNumber, journey.truncated_size() > 0);
}

}  // namespace peakend::publish
