// Surveys as flat rows.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_SURVEY_ROW_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_SURVEY_ROW_H_

#include "processors/ingest/event_view.h"
#include "processors/journey/identifier.h"
#include "processors/journey/record_bytes.h"

namespace peakend::publish {

// Key of its row.
journey::Identifier SurveyKey(const ingest::EventView& event);

// Its own columns; `event` speaks of a survey, answered or not. The same event gives the same row.
void FillSurveyRow(const ingest::EventView& event, journey::RecordBytes& row);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_SURVEY_ROW_H_
