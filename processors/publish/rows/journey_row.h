// Journeys as flat rows.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_JOURNEY_ROW_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_JOURNEY_ROW_H_

#include "peakend/v1/journey.pb.h"
#include "processors/journey/record_bytes.h"
#include "processors/publish/messages.h"

namespace peakend::publish {

// Its own columns. `journey` was filled from `assessed`; null of one that is deleted, of which the
// row says which one it is part of, and no more.
void FillJourneyRow(const v1::Journey& journey, const Assessed* assessed,
                    journey::RecordBytes& row);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_JOURNEY_ROW_H_
