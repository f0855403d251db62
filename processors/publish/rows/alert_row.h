// Alerts as flat rows.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_ALERT_ROW_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_ALERT_ROW_H_

#include "peakend/bi/v1/alert_row.pb.h"
#include "peakend/v1/alert.pb.h"

namespace peakend::publish {

void FillAlertRow(const v1::Alert& alert, bi::v1::AlertRow* row);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_ALERT_ROW_H_
