// Alerts as flat rows.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_ALERT_ROW_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_ALERT_ROW_H_

#include "peakend/v1/alert.pb.h"
#include "processors/journey/record_bytes.h"

namespace peakend::publish {

// Its own columns.
void FillAlertRow(const v1::Alert& alert, journey::RecordBytes& row);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_ALERT_ROW_H_
