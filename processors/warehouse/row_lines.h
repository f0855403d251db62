// Rows as lines of text that other databases load.
//
//   NDJSON  a row is one JSON object, as the framing `json` writes it (framing.h), with
//           published_at_ms, row_partition and row_offset at its end
//   CSV     RFC 4180: a header, CRLF behind each line, quotes where they must be. Nothing between
//           commas is NULL, as the tables have it: of texts also an empty one, unless its column
//           may not be NULL; then it is "". true, false; a double as in JSON.
//
// Thread-safety: immutable once made; any thread may call.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_ROW_LINES_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_ROW_LINES_H_

#include <cstdint>
#include <string>

#include "google/protobuf/message.h"
#include "processors/publish/rows/row_json.h"
#include "processors/warehouse/copy_format.h"
#include "processors/warehouse/row_table.h"

namespace peakend::warehouse {

enum class RowLineFormat : uint8_t { kNdjson, kCsv };

class RowLines {
 public:
  // `table` must outlive it.
  RowLines(const RowTable& table, RowLineFormat format)
      : table_(&table), format_(format), json_(*table.prototype->GetDescriptor()) {}

  // What stands before all rows; nothing in NDJSON.
  void AppendHeader(std::string* out) const;
  // REQUIRES: `row` is of the table's type.
  void Append(const google::protobuf::Message& row, const RowPlace& place, std::string* out) const;

 private:
  const RowTable* const table_;
  const RowLineFormat format_;
  const publish::RowJson json_;
};

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_ROW_LINES_H_
