// The file of one snapshot: pieces, then the tag that makes it valid.
//
//   "peakend1", then for each piece: size (32 bits), XXH3-64 seeded with the number of
//   the piece (64 bits), bytes; then the tag (v1.SnapshotTag) and, as the last 16
//   bytes, its XXH3-64, its size and "peak". Numbers least significant byte first.
//
// A file is written under another name and renamed once it is on disk, so a reader
// sees a whole one or none; whatever a bad disk makes of it afterwards is found by the
// checksums, each piece before its first record is used.
//
// Thread-safety: one thread per writer.
#ifndef PEAKEND_PROCESSORS_RUNTIME_SNAPSHOT_FILE_H_
#define PEAKEND_PROCESSORS_RUNTIME_SNAPSHOT_FILE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "peakend/v1/snapshot_tag.pb.h"

namespace peakend::runtime {

inline constexpr uint32_t kSnapshotFormat = 1;

class SnapshotFileWriter {
 public:
  // Begins the file that will be `path`. An unfinished one of a dead process is
  // overwritten. Errors name the file and what the system said.
  static absl::StatusOr<std::unique_ptr<SnapshotFileWriter>> Begin(const std::string& path);
  // Without Finish the unfinished file is removed.
  ~SnapshotFileWriter();
  SnapshotFileWriter(const SnapshotFileWriter&) = delete;
  SnapshotFileWriter& operator=(const SnapshotFileWriter&) = delete;

  absl::Status Add(std::string_view piece);
  // Sets format, records and pieces of `tag`; returns once everything is on disk under its
  // final name.
  absl::Status Finish(v1::SnapshotTag tag);

 private:
  SnapshotFileWriter(std::string path, int file) : path_(std::move(path)), file_(file) {}
  absl::Status Write(std::string_view bytes);

  const std::string path_;
  const int file_;
  bool finished_ = false;
  uint64_t pieces_ = 0;
  uint64_t records_ = 0;
};

struct SnapshotReading {
  // The tag of a file that looks whole; an error of it ends the reading.
  std::function<absl::Status(const v1::SnapshotTag&)> tag;
  // Each verified piece.
  std::function<absl::Status(std::string_view piece)> piece;
};
// Errors: NotFound = no such file; FailedPrecondition = a newer format; DataLoss = it is
// damaged; Unavailable = it cannot be read; those of the callbacks.
absl::Status ReadSnapshotFile(const std::string& path, const SnapshotReading& reading);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_SNAPSHOT_FILE_H_
