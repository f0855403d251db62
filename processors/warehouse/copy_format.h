// One row as PostgreSQL's binary COPY takes it: per row a 16-bit count of columns, then each
// column as a 32-bit length (-1 = NULL) and its bytes, all numbers big-endian.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_COPY_FORMAT_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_COPY_FORMAT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "google/protobuf/message.h"
#include "processors/warehouse/row_fault.h"
#include "processors/warehouse/row_table.h"

namespace peakend::warehouse {

// What stands once before the first row, and once behind the last.
std::string_view CopyHeader();
std::string_view CopyTrailer();

// Where a row stood in its topic.
struct RowPlace {
  int64_t published_at_ms = 0;
  int32_t partition = 0;
  int64_t offset = 0;
};

// Appends `row`, a message of the table's type, to `out`: empty text becomes NULL where the column
// may be NULL, a field that is not set too. kBadDate and kNulByte leave `out` as it was.
RowFault AppendCopyRow(const RowTable& table, const google::protobuf::Message& row,
                       const RowPlace& place, std::string* out);

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_COPY_FORMAT_H_
