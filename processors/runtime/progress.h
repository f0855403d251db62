// The waist, 3 of 3: how far we are.
#ifndef PEAKEND_PROCESSORS_RUNTIME_PROGRESS_H_
#define PEAKEND_PROCESSORS_RUNTIME_PROGRESS_H_

#include <cstdint>
#include <map>

#include "absl/status/statusor.h"

namespace peakend::runtime {

// Input partition -> offset of the next record to process.
using Positions = std::map<int32_t, int64_t>;

inline constexpr int64_t kNothingCommitted = -1;

class Progress {
 public:
  virtual ~Progress() = default;
  // The committed position of a partition: all records before it had their
  // outputs delivered. kNothingCommitted when there is none, or the group's memory
  // of it has expired. Waits for transactions that are about to end. Errors:
  // Unavailable = ask again.
  virtual absl::StatusOr<int64_t> Committed(int32_t partition) = 0;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_PROGRESS_H_
