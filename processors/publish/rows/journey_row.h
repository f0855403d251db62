// Journeys as flat rows.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_JOURNEY_ROW_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_JOURNEY_ROW_H_

#include "peakend/bi/v1/journey_row.pb.h"
#include "peakend/v1/journey.pb.h"
#include "processors/publish/messages.h"

namespace peakend::publish {

// `journey` was filled from `assessed`; null of one that is deleted, of which the row says which
// one it is part of, and no more.
void FillJourneyRow(const v1::Journey& journey, const Assessed* assessed, bi::v1::JourneyRow* row);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_JOURNEY_ROW_H_
