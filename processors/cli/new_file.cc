#include "processors/cli/new_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace peakend::cli {
namespace {

std::string DraftOf(const std::string& path) { return path + ".part"; }

absl::Status Reason() { return absl::UnavailableError(std::strerror(errno)); }

absl::Status IsThere(const std::string& path) {
  return absl::AlreadyExistsError(
      absl::StrCat("`", path, "` is there already, and nothing is overwritten"));
}

absl::Status DraftIsThere(const std::string& draft) {
  return absl::AlreadyExistsError(
      absl::StrCat("`", draft,
                   "` is there already: another is just writing it, or was killed before it was "
                   "whole; then remove it"));
}

}  // namespace

absl::Status NewFile::CheckFree(const std::string& path) {
  if (access(path.c_str(), F_OK) == 0) return IsThere(path);
  if (access(DraftOf(path).c_str(), F_OK) == 0) return DraftIsThere(DraftOf(path));
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<NewFile>> NewFile::Create(std::string path, IfThere if_there) {
  std::string draft = DraftOf(path);
  if (if_there == IfThere::kKeep) {
    if (absl::Status free = CheckFree(path); !free.ok()) return free;
  }
  const int file = open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0) return errno == EEXIST ? DraftIsThere(draft) : Reason();
  return std::unique_ptr<NewFile>(new NewFile(std::move(path), std::move(draft), if_there, file));
}

NewFile::~NewFile() {
  close(file_);
  unlink(draft_.c_str());
}

absl::Status NewFile::Append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Reason();
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status NewFile::Finish() {
  if (fsync(file_) != 0) return Reason();
  if (if_there_ == IfThere::kReplace) {
    return rename(draft_.c_str(), path_.c_str()) == 0 ? absl::OkStatus() : Reason();
  }
  // A rename would take the place of a file that is there.
  if (link(draft_.c_str(), path_.c_str()) == 0) return absl::OkStatus();
  if (errno == EEXIST) return IsThere(path_);
  // Where a file can have one name only.
  if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS) return Reason();
  if (renameat2(AT_FDCWD, draft_.c_str(), AT_FDCWD, path_.c_str(), RENAME_NOREPLACE) == 0) {
    return absl::OkStatus();
  }
  return errno == EEXIST ? IsThere(path_) : Reason();
}

}  // namespace peakend::cli
