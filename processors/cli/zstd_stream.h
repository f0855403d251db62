// Compresses what is written piece by piece into one zstd frame, with a checksum.
//
// Thread-safety: none; one owner.
#ifndef PEAKEND_PROCESSORS_CLI_ZSTD_STREAM_H_
#define PEAKEND_PROCESSORS_CLI_ZSTD_STREAM_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"

struct ZSTD_CCtx_s;

namespace peakend::cli {

class ZstdStream {
 public:
  ZstdStream();

  // Appends to `out` what is ready of `bytes` and of those before; the rest is kept. Errors:
  // ResourceExhausted = no memory; Internal.
  absl::Status Append(std::string_view bytes, std::string* out);
  // Appends all that is kept, and the frame's end. REQUIRES: nothing is appended any more.
  absl::Status Finish(std::string* out);

 private:
  struct Free {
    void operator()(ZSTD_CCtx_s* stream) const;
  };
  absl::Status Run(std::string_view bytes, bool is_last, std::string* out);

  std::unique_ptr<ZSTD_CCtx_s, Free> stream_;  // null = no memory
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_ZSTD_STREAM_H_
