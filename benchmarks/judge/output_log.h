// What an engine wrote, as far as two such logs can be compared: a hash of each record, in order,
// by topic and partition; and what one log has that the other has not.
//
// Thread-safety: none; one owner. Compare is a pure function.
#ifndef PEAKEND_BENCHMARKS_JUDGE_OUTPUT_LOG_H_
#define PEAKEND_BENCHMARKS_JUDGE_OUTPUT_LOG_H_

#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "processors/publish/output.h"

namespace peakend::benchmarks {

class OutputLog {
 public:
  using Hashes = std::vector<uint64_t>;

  // The next record of `partition` of `topic`. Headers do not count.
  void Append(publish::Topic topic, int32_t partition, std::string_view key,
              std::string_view value);

  // Adds the topics of `other`, of which this has none yet.
  void Add(OutputLog other) { logs_.merge(std::move(other.logs_)); }

  // Records of a topic over all partitions.
  int64_t Count(publish::Topic topic) const;
  const std::map<std::pair<publish::Topic, int32_t>, Hashes>& logs() const { return logs_; }

 private:
  std::map<std::pair<publish::Topic, int32_t>, Hashes> logs_;
};

// Records of `got` against those that were expected. got = expected - lost + dup + unexpected.
struct OutputDifference {
  int64_t expected = 0;
  int64_t got = 0;
  int64_t lost = 0;        // expected, and not there
  int64_t dup = 0;         // expected, and there more often
  int64_t unexpected = 0;  // nobody expected its like
  // Where a partition of a topic holds just what was expected: records in another place.
  int64_t wrong_order = 0;
};
OutputDifference Compare(const OutputLog& expected, const OutputLog& got);

}  // namespace peakend::benchmarks

#endif  // PEAKEND_BENCHMARKS_JUDGE_OUTPUT_LOG_H_
