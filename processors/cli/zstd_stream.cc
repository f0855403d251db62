#include "processors/cli/zstd_stream.h"

#include <zstd.h>

#include "absl/strings/str_cat.h"

namespace peakend::cli {

void ZstdStream::Free::operator()(ZSTD_CCtx_s* stream) const { ZSTD_freeCCtx(stream); }

ZstdStream::ZstdStream() : stream_(ZSTD_createCCtx()) {
  if (stream_ != nullptr) ZSTD_CCtx_setParameter(stream_.get(), ZSTD_c_checksumFlag, 1);
}

absl::Status ZstdStream::Append(std::string_view bytes, std::string* out) {
  return Run(bytes, /*is_last=*/false, out);
}

absl::Status ZstdStream::Finish(std::string* out) { return Run({}, /*is_last=*/true, out); }

absl::Status ZstdStream::Run(std::string_view bytes, bool is_last, std::string* out) {
  if (stream_ == nullptr) return absl::ResourceExhaustedError("no memory to compress with");
  ZSTD_inBuffer in = {bytes.data(), bytes.size(), 0};
  const ZSTD_EndDirective mode = is_last ? ZSTD_e_end : ZSTD_e_continue;
  bool is_done = false;
  while (!is_done) {
    const size_t begin = out->size();
    out->resize(begin + ZSTD_CStreamOutSize());
    ZSTD_outBuffer piece = {out->data() + begin, out->size() - begin, 0};
    const size_t left = ZSTD_compressStream2(stream_.get(), &piece, &in, mode);
    out->resize(begin + piece.pos);
    if (ZSTD_isError(left) != 0) {
      return absl::InternalError(absl::StrCat("zstd: ", ZSTD_getErrorName(left)));
    }
    is_done = is_last ? left == 0 : in.pos == in.size;
  }
  return absl::OkStatus();
}

}  // namespace peakend::cli
