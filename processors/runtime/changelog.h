// Where state comes back from: the compacted topic to which workers write their
// customers and their progress, one partition for each of the input.
//
// Written through the Sink (Topic::kState); this reads it back. Implemented by
// KafkaChangelog and by MemoryLog.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CHANGELOG_H_
#define PEAKEND_PROCESSORS_RUNTIME_CHANGELOG_H_

#include <cstdint>
#include <functional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace peakend::runtime {

struct ChangelogRecord {
  std::string_view key;
  std::string_view value;
  bool has_value = true;  // false: a tombstone
  int64_t offset = 0;
  int64_t end_offset = 0;  // where this reading will end, for progress
};

class Changelog {
 public:
  virtual ~Changelog() = default;

  // Reads the committed records of a partition from offset `from` to the end that
  // stood when the call was made, those of transactions that were open then included
  // once they are decided (until then Unavailable), in order, and hands each to `take`.
  // Views are valid during the call of `take`; an error of `take` ends the reading and
  // is returned. Other errors: Unavailable = ask again; OutOfRange = `from` is not 0 and
  // not between the first offset and the end; anything else is final.
  virtual absl::Status Read(int32_t partition, int64_t from,
                            const std::function<absl::Status(const ChangelogRecord&)>& take) = 0;

  // The offset before which everything is decided. Does not wait long. Errors as above.
  virtual absl::StatusOr<int64_t> StableEnd(int32_t partition) = 0;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CHANGELOG_H_
