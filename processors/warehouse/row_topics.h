// Which row topics a configuration turns on, and what they are called.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_ROW_TOPICS_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_ROW_TOPICS_H_

#include <string>
#include <vector>

#include "peakend/v1/config.pb.h"
#include "processors/warehouse/row_table.h"

namespace peakend::warehouse {

// The topic of one kind of rows: the configured name, or the default one.
std::string RowTopicName(const v1::TopicsConfig& topics, RowKind kind);

// bi.<kind>, e.g. bi.journey.
const v1::RowsConfig& RowSettings(const v1::BiConfig& bi, RowKind kind);

// The kinds that are written, in the order of RowKind.
std::vector<RowKind> EnabledRows(const v1::BiConfig& bi);

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_ROW_TOPICS_H_
