// The rows that came out, ready to be compared: of all output topics but rejected-records,
// whose records stand where they came from.
//
// Rows of the customers of MonthLater are left out: their journeys end when the
// input does, which a topic never says.
#ifndef PEAKEND_TESTS_KAFKA_OUTPUT_ROWS_H_
#define PEAKEND_TESTS_KAFKA_OUTPUT_ROWS_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "peakend/v1/config.pb.h"
#include "processors/publish/output.h"
#include "tests/kafka/kafka_cluster.h"

namespace peakend::runtime {

struct RowId {
  publish::Topic topic = publish::Topic::kAlerts;
  std::string key;
  int64_t row_version = 0;
  auto operator<=>(const RowId&) const = default;
};
// For the messages of failed tests.
std::ostream& operator<<(std::ostream& out, const RowId& id);

struct Row {
  std::string value;    // the bytes; empty when read from JSON
  std::string content;  // as JSON, without the source coordinates
  std::string state;    // the same without row_version; empty = the row is withdrawn
};

struct OutputRows {
  std::map<RowId, Row> rows;
  size_t records = 0;
  // Records that say something else than an earlier one of the same key and
  // row_version.
  std::vector<RowId> contradictions;

  size_t Count(publish::Topic topic) const;
};

// The lines of file mode.
OutputRows RowsOfLines(std::string_view lines);

// All records of the output topics; `stored` reads one.
using StoredTopic = std::function<std::vector<StoredRecord>(const std::string& topic)>;
OutputRows RowsOfTopics(const v1::TopicsConfig& topics, const StoredTopic& stored);

// What holds in the end: of each moment and journey that is not withdrawn the last
// version, as version 0 and without the number.
OutputRows Finals(const OutputRows& rows);

// Takes the records of an output topic in.
void AddRecords(publish::Topic topic, const std::vector<StoredRecord>& records, OutputRows* rows);

// What `rows` lacks of `expected`, has beside it, or has otherwise, some of each by
// name; empty = they are equal.
std::string Differences(const OutputRows& expected, const OutputRows& rows);

}  // namespace peakend::runtime

#endif  // PEAKEND_TESTS_KAFKA_OUTPUT_ROWS_H_
