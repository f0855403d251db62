// A stretch of a snapshot: records of customers, one behind the other.
//
// Each record is the size of its key and of its value (32 bits each, the least
// significant byte first), then both.
//
// Thread-safety: functions of their arguments.
#ifndef PEAKEND_PROCESSORS_RUNTIME_SNAPSHOT_PIECE_H_
#define PEAKEND_PROCESSORS_RUNTIME_SNAPSHOT_PIECE_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace peakend::runtime {

void AppendSnapshotRecord(std::string_view key, std::string_view value, std::string& piece);

// Calls `take` with each record, in order, until it answers an error, which is
// returned. DataLoss = the bytes are no piece.
absl::Status ForEachSnapshotRecord(
    std::string_view piece,
    const std::function<absl::Status(std::string_view key, std::string_view value)>& take);

size_t CountSnapshotRecords(std::string_view piece);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_SNAPSHOT_PIECE_H_
