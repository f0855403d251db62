#include "processors/runtime/snapshot_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/runtime/crash_point.h"
#include "processors/runtime/snapshot_piece.h"
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace peakend::runtime {
namespace {

constexpr std::string_view kBegin = "peakend1";
constexpr std::string_view kEnd = "peak";
constexpr int64_t kPieceHeader = 4 + 8;
constexpr int64_t kFooter = 8 + 4 + 4;
constexpr uint32_t kLargestTag = 1 << 20;
constexpr uint32_t kLargestPiece = 1 << 30;

absl::Status Failed(const char* doing, const std::string& path, int error) {
  return absl::UnavailableError(absl::StrCat("cannot ", doing, " ", path, ": ", strerror(error)));
}

absl::Status Damaged(const std::string& path, const std::string& how) {
  return absl::DataLossError(absl::StrCat("the snapshot ", path, " is damaged: ", how));
}

template <typename Number>
void AppendNumber(Number number, std::string& bytes) {
  for (size_t i = 0; i < sizeof(Number); ++i) bytes.push_back(static_cast<char>(number >> (8 * i)));
}

template <typename Number>
Number NumberAt(std::string_view bytes, size_t at) {
  Number number = 0;
  for (size_t i = 0; i < sizeof(Number); ++i) {
    number |= static_cast<Number>(static_cast<uint8_t>(bytes[at + i])) << (8 * i);
  }
  return number;
}

uint64_t Checksum(std::string_view bytes, uint64_t number) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), number);
}

std::string UnfinishedName(const std::string& path) { return path + ".tmp"; }

// The name of a file is on disk when its folder is.
absl::Status SyncFolder(const std::string& path) {
  const std::string folder = path.substr(0, path.find_last_of('/') + 1);
  const int file = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return Failed("open", folder, errno);
  const bool synced = fsync(file) == 0;
  const int error = errno;
  close(file);
  return synced ? absl::OkStatus() : Failed("sync", folder, error);
}

class InputFile {
 public:
  explicit InputFile(const std::string& path)
      : path_(path), file_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (file_ >= 0) {
      size_ = lseek(file_, 0, SEEK_END);
    } else {
      error_ = errno;
    }
  }
  ~InputFile() {
    if (file_ >= 0) close(file_);
  }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  int error() const { return error_; }
  int64_t size() const { return size_; }

  // The `size` bytes at `at`, which must be within the file.
  absl::Status Read(int64_t at, int64_t size, std::string& bytes) const {
    bytes.resize(static_cast<size_t>(size));
    for (int64_t got = 0; got < size;) {
      const ssize_t count =
          pread(file_, bytes.data() + got, static_cast<size_t>(size - got), at + got);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return Failed("read", path_, errno);
      if (count == 0) return Damaged(path_, "it became shorter");
      got += count;
    }
    return absl::OkStatus();
  }

 private:
  const std::string& path_;
  const int file_;
  int64_t size_ = 0;
  int error_ = 0;
};

// Reads the tag and where the pieces end.
absl::Status ReadTag(const std::string& path, const InputFile& file, v1::SnapshotTag& tag,
                     int64_t& end) {
  const auto begin = static_cast<int64_t>(kBegin.size());
  if (file.size() < begin + kFooter) return Damaged(path, "it is too short");
  std::string bytes;
  if (absl::Status status = file.Read(0, begin, bytes); !status.ok()) return status;
  if (bytes != kBegin) return Damaged(path, "it does not begin like one");
  absl::Status status = file.Read(file.size() - kFooter, kFooter, bytes);
  if (!status.ok()) return status;
  if (std::string_view(bytes).substr(12) != kEnd) return Damaged(path, "it has no end");
  const auto checksum = NumberAt<uint64_t>(bytes, 0);
  const auto size = NumberAt<uint32_t>(bytes, 8);
  end = file.size() - kFooter - size;
  if (size > kLargestTag || end < begin) return Damaged(path, "its tag has an impossible size");
  if (status = file.Read(end, size, bytes); !status.ok()) return status;
  if (Checksum(bytes, 0) != checksum || !tag.ParseFromString(bytes)) {
    return Damaged(path, "its tag does not fit its checksum");
  }
  if (tag.format() > kSnapshotFormat) {
    return absl::FailedPreconditionError(absl::StrCat("the snapshot ", path, " has format ",
                                                      tag.format(), ", this program reads ",
                                                      kSnapshotFormat));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<SnapshotFileWriter>> SnapshotFileWriter::Begin(
    const std::string& path) {
  const std::string name = UnfinishedName(path);
  const int file = open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return Failed("write", name, errno);
  std::unique_ptr<SnapshotFileWriter> writer(new SnapshotFileWriter(path, file));
  if (absl::Status status = writer->Write(kBegin); !status.ok()) return status;
  return writer;
}

SnapshotFileWriter::~SnapshotFileWriter() {
  close(file_);
  if (!finished_) unlink(UnfinishedName(path_).c_str());
}

absl::Status SnapshotFileWriter::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(file_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Failed("write", UnfinishedName(path_), errno);
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return absl::OkStatus();
}

absl::Status SnapshotFileWriter::Add(std::string_view piece) {
  std::string header;
  AppendNumber(static_cast<uint32_t>(piece.size()), header);
  AppendNumber(Checksum(piece, pieces_), header);
  ++pieces_;
  records_ += CountSnapshotRecords(piece);
  if (absl::Status status = Write(header); !status.ok()) return status;
  return Write(piece);
}

absl::Status SnapshotFileWriter::Finish(v1::SnapshotTag tag) {
  tag.set_format(kSnapshotFormat);
  tag.set_pieces(pieces_);
  tag.set_records(records_);
  std::string bytes = tag.SerializeAsString();
  const uint64_t checksum = Checksum(bytes, 0);
  const auto size = static_cast<uint32_t>(bytes.size());
  AppendNumber(checksum, bytes);
  AppendNumber(size, bytes);
  bytes.append(kEnd);
  if (absl::Status status = Write(bytes); !status.ok()) return status;
  const std::string name = UnfinishedName(path_);
  if (fsync(file_) != 0) return Failed("sync", name, errno);
  CrashPoint(CrashAt::kBeforeSnapshotRename);
  if (rename(name.c_str(), path_.c_str()) != 0) return Failed("rename", name, errno);
  finished_ = true;
  return SyncFolder(path_);
}

absl::Status ReadSnapshotFile(const std::string& path, const SnapshotReading& reading) {
  const InputFile file(path);
  if (file.error() == ENOENT) return absl::NotFoundError(absl::StrCat("there is no ", path));
  if (file.error() != 0) return Failed("read", path, file.error());
  v1::SnapshotTag tag;
  int64_t end = 0;
  absl::Status status = ReadTag(path, file, tag, end);
  if (status.ok()) status = reading.tag(tag);
  if (!status.ok()) return status;
  auto at = static_cast<int64_t>(kBegin.size());
  std::string bytes;
  uint64_t pieces = 0;
  for (; at < end; ++pieces) {
    if (at + kPieceHeader > end) return Damaged(path, "a piece is cut off");
    if (status = file.Read(at, kPieceHeader, bytes); !status.ok()) return status;
    at += kPieceHeader;
    const auto size = NumberAt<uint32_t>(bytes, 0);
    const auto checksum = NumberAt<uint64_t>(bytes, 4);
    if (size > kLargestPiece || at + size > end) return Damaged(path, "a piece is cut off");
    if (status = file.Read(at, size, bytes); !status.ok()) return status;
    at += size;
    if (Checksum(bytes, pieces) != checksum) {
      return Damaged(path, absl::StrCat("piece ", pieces, " does not fit its checksum"));
    }
    if (status = reading.piece(bytes); !status.ok()) return status;
  }
  if (pieces != tag.pieces()) return Damaged(path, "a piece is missing");
  return absl::OkStatus();
}

}  // namespace peakend::runtime
