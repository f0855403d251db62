// Promises as flat rows.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_PROMISE_ROW_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_PROMISE_ROW_H_

#include "processors/journey/identifier.h"
#include "processors/journey/record_bytes.h"
#include "processors/moments/promise_impressions.h"

namespace peakend::publish {

// Its own columns; `promise` was made in `contact`.
void FillPromiseRow(const journey::Promise& promise, const moments::PromiseOutcome& outcome,
                    const journey::Contact& contact, const journey::Identifier& journey_id,
                    journey::RecordBytes& row);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_PROMISE_ROW_H_
