// Moments as flat rows.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_MOMENT_ROW_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_MOMENT_ROW_H_

#include <string_view>

#include "peakend/v1/moment.pb.h"
#include "processors/journey/contact.h"
#include "processors/journey/record_bytes.h"
#include "processors/publish/policy.h"

namespace peakend::publish {

// Its own columns. Of the evidence the row has the piece that decided: of an opening the worst, of
// a peak itself, of an end what ended it. `contact` is that in which it happened; null of a moment
// that is deleted, of which the row says no more than that. `scope_key` is that of the contact's or
// journey's own row.
void FillMomentRow(const v1::Moment& moment, const journey::Contact* contact,
                   std::string_view scope_key, const Policy& policy, journey::RecordBytes& row);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_MOMENT_ROW_H_
