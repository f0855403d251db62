// Where an export goes: a file that appears whole or not at all, or the standard output; compressed
// or not.
//
// Thread-safety: none; one owner.
#ifndef PEAKEND_PROCESSORS_CLI_EXPORT_OUTPUT_H_
#define PEAKEND_PROCESSORS_CLI_EXPORT_OUTPUT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "processors/cli/new_file.h"
#include "processors/cli/zstd_stream.h"

namespace peakend::cli {

class ExportOutput {
 public:
  // `path` "-" = `out`, which outlives this. Errors: AlreadyExists as
  // NewFile; InvalidArgument = no such file can be made, with the system's reason.
  static absl::StatusOr<std::unique_ptr<ExportOutput>> Open(const std::string& path, bool replace,
                                                            bool zstd, std::ostream& out);

  // What was appended here is written when Flush is called, and then this is empty again.
  std::string& text() { return text_; }
  // Errors: Unavailable = the system's reason in words, such as a disk that is full or a reader
  // that is gone.
  absl::Status Flush();
  // Writes the rest. The file has its name now. Once.
  absl::Status Finish();

  // That were written, as they stand in the file.
  int64_t bytes() const { return bytes_; }

 private:
  explicit ExportOutput(std::ostream& out) : out_(out) {}
  absl::Status Write(std::string_view bytes);

  std::ostream& out_;
  std::unique_ptr<NewFile> file_;  // null = out_
  std::optional<ZstdStream> zstd_;
  std::string text_;
  std::string packed_;
  int64_t bytes_ = 0;
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_EXPORT_OUTPUT_H_
