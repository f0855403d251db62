// The waist, 1 of 3: where records come from.
//
// Implemented by KafkaSource and by MemoryLog. One worker thread owns a source;
// no call may be made from another thread, except where a class says so.
#ifndef PEAKEND_PROCESSORS_RUNTIME_SOURCE_H_
#define PEAKEND_PROCESSORS_RUNTIME_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "processors/publish/output.h"

namespace peakend::runtime {

// One record of the input topic. Views belong to the source and stay valid until
// its next Poll.
struct InputRecord {
  int32_t partition = 0;
  int64_t offset = 0;
  int64_t timestamp_ms = 0;  // the broker's (LogAppendTime); 0 = none
  std::string_view key;
  std::string_view value;
  bool has_key = false;    // a null key is not an empty one
  bool has_value = false;  // nor is a null value
};

// Told by Poll, on the worker's thread, before the change takes effect.
class PartitionListener {
 public:
  virtual ~PartitionListener() = default;
  // Records of these partitions may follow. Returns the offset to read each one
  // from, same order; kBeginning reads from the start of the log.
  virtual std::vector<int64_t> OnAssigned(absl::Span<const int32_t> partitions) = 0;
  // The partitions are given up: commit what is open, then drop their state.
  // `lost`: they already belong to somebody else, so nothing can be committed.
  virtual void OnRevoked(absl::Span<const int32_t> partitions, bool lost) = 0;
};
inline constexpr int64_t kBeginning = -2;

class Source {
 public:
  virtual ~Source() = default;

  // Up to `max_records` records, waiting at most `wait` for them; per partition in
  // offset order. Empty when there is nothing new. Errors: Unavailable = the
  // source tries again by itself, call again; anything else is final.
  virtual absl::StatusOr<absl::Span<const InputRecord>> Poll(absl::Duration wait,
                                                             size_t max_records) = 0;

  // The headers of `record`, which must come from the latest Poll.
  virtual std::vector<publish::Header> Headers(const InputRecord& record) = 0;

  // True when there is nothing behind our position in an assigned partition: the
  // newest answer of the broker, at most a few seconds old, ends where we are, and
  // no open transaction holds records back. False whenever that is not certain.
  virtual bool AtEnd(int32_t partition) = 0;

  // The first offset that the log of a partition still holds. Errors: Unavailable =
  // ask again.
  virtual absl::StatusOr<int64_t> LogStart(int32_t partition) = 0;

  // Gives all partitions up (the listener is told) and leaves the group.
  virtual absl::Status Close() = 0;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_SOURCE_H_
