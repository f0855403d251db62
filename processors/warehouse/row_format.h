// How a row topic's values are written, and one of them read back.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_ROW_FORMAT_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_ROW_FORMAT_H_

#include <functional>
#include <string_view>

#include "google/protobuf/message.h"

namespace peakend::warehouse {

// Fills `row` from a record's value. False: these bytes are not this message, or a text in them is
// not UTF-8; `row` is then of no use.
using RowReader = std::function<bool(std::string_view bytes, google::protobuf::Message* row)>;

// Of values that are the bare message.
bool ReadBareRow(std::string_view bytes, google::protobuf::Message* row);

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_ROW_FORMAT_H_
