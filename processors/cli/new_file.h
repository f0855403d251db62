// A file that appears whole or not at all, and in the place of another only where that is wanted.
//
// While it is written it is called PATH.part, and is taken away again unless it is finished: only
// a process that is killed leaves that behind.
//
// Thread-safety: none; one owner.
#ifndef PEAKEND_PROCESSORS_CLI_NEW_FILE_H_
#define PEAKEND_PROCESSORS_CLI_NEW_FILE_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace peakend::cli {

class NewFile {
 public:
  // OK: nothing of that name is there. AlreadyExists, in words for people: the file is, or what
  // is called as it would be while it is written.
  static absl::Status CheckFree(const std::string& path);

  // kReplace: a file of that name stays as it is until the new one is whole.
  enum class IfThere { kKeep, kReplace };
  // Errors: as above, with kReplace only about what is just written; Unavailable = the system's
  // reason in words.
  static absl::StatusOr<std::unique_ptr<NewFile>> Create(std::string path,
                                                         IfThere if_there = IfThere::kKeep);
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  // Errors: Unavailable = the system's reason in words, such as a disk that is full.
  absl::Status Append(std::string_view bytes);
  // It is on the disk, under its name. REQUIRES: nothing is appended any more. Errors:
  // AlreadyExists = somebody made a file of that name meanwhile; Unavailable as above.
  absl::Status Finish();

 private:
  NewFile(std::string path, std::string draft, IfThere if_there, int file)
      : path_(std::move(path)), draft_(std::move(draft)), if_there_(if_there), file_(file) {}

  const std::string path_;
  const std::string draft_;
  const IfThere if_there_;
  const int file_;
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_NEW_FILE_H_
