// Surveys as flat rows.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_SURVEY_ROW_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_SURVEY_ROW_H_

#include "peakend/bi/v1/survey_row.pb.h"
#include "processors/ingest/event_view.h"

namespace peakend::publish {

// `event` speaks of a survey, answered or not. The same event gives the same row, key included.
void FillSurveyRow(const ingest::EventView& event, bi::v1::SurveyRow* row);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_SURVEY_ROW_H_
