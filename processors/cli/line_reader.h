// The lines of a text stream, plain or gzip (recognised by its first two bytes).
//
// Thread-safety: none. The stream outlives the reader and is read by nobody else.
#ifndef PEAKEND_PROCESSORS_CLI_LINE_READER_H_
#define PEAKEND_PROCESSORS_CLI_LINE_READER_H_

#include <cstddef>
#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace peakend::cli {

class LineReader {
 public:
  // `max_line_bytes` bounds the memory that one line can take.
  explicit LineReader(std::istream& in, size_t max_line_bytes = size_t{16} << 20);
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  // The next line without its line end ("\n" or "\r\n"), valid until the next call;
  // nothing at the end of the stream. The last line needs no line end.
  // Errors: ResourceExhausted = this line is too long, the next call goes on behind
  // it; DataLoss = the gzip data are broken or cut off, nothing more follows.
  absl::StatusOr<std::optional<std::string_view>> Next();

  // Number of the line that Next gave last, from 1.
  int64_t number() const { return number_; }

 private:
  class Inflater;

  // Appends more text to buffer_; sets at_end_ when there is none.
  absl::Status Fill();
  // Drops the rest of a line that is too long.
  absl::Status SkipLine();

  std::istream& in_;
  const size_t max_line_bytes_;
  std::unique_ptr<Inflater> inflater_;  // null for plain text
  bool started_ = false;
  bool at_end_ = false;
  std::string chunk_;
  std::string buffer_;
  size_t begin_ = 0;  // of the next line in buffer_
  int64_t number_ = 0;
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_LINE_READER_H_
