#include "processors/cli/line_reader.h"

#include <zlib.h>

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace peakend::cli {
namespace {

constexpr size_t kChunkBytes = size_t{256} << 10;
constexpr std::string_view kGzipMagic = "\x1f\x8b";
constexpr int kGzipWindow = 15 + 16;  // largest window, gzip framing only

}  // namespace

// One or more gzip members, one after the other.
class LineReader::Inflater {
 public:
  Inflater() { inflateInit2(&stream_, kGzipWindow); }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Appends what `compressed` holds to `text`.
  absl::Status Append(std::string_view compressed, std::string* text) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
    stream_.avail_in = static_cast<uInt>(compressed.size());
    do {
      if (between_members_ && stream_.avail_in > 0) {
        inflateReset(&stream_);
        between_members_ = false;
      }
      const size_t before = text->size();
      text->resize(before + kChunkBytes);
      stream_.next_out = reinterpret_cast<Bytef*>(text->data() + before);
      stream_.avail_out = kChunkBytes;
      const int result = inflate(&stream_, Z_NO_FLUSH);
      text->resize(text->size() - stream_.avail_out);
      if (result == Z_STREAM_END) {
        between_members_ = true;
      } else if (result != Z_OK && result != Z_BUF_ERROR) {
        return absl::DataLossError("broken gzip data");
      }
    } while (stream_.avail_in > 0 || stream_.avail_out == 0);
    return absl::OkStatus();
  }

  bool between_members() const { return between_members_; }

 private:
  z_stream stream_ = {};
  bool between_members_ = false;
};

LineReader::LineReader(std::istream& in, size_t max_line_bytes)
    : in_(in), max_line_bytes_(max_line_bytes) {}
LineReader::~LineReader() = default;

absl::Status LineReader::Fill() {
  chunk_.resize(kChunkBytes);
  in_.read(chunk_.data(), static_cast<std::streamsize>(chunk_.size()));
  chunk_.resize(static_cast<size_t>(in_.gcount()));
  if (!started_ && std::string_view(chunk_).substr(0, 2) == kGzipMagic) {
    inflater_ = std::make_unique<Inflater>();
  }
  started_ = true;
  if (chunk_.empty()) {
    at_end_ = true;
    const bool cut = inflater_ != nullptr && !inflater_->between_members();
    return cut ? absl::DataLossError("gzip data cut off") : absl::OkStatus();
  }
  if (inflater_ == nullptr) {
    buffer_.append(chunk_);
    return absl::OkStatus();
  }
  absl::Status status = inflater_->Append(chunk_, &buffer_);
  if (!status.ok()) at_end_ = true;
  return status;
}

absl::Status LineReader::SkipLine() {
  while (true) {
    const size_t end = buffer_.find('\n');
    if (end != std::string::npos) {
      begin_ = end + 1;
      return absl::OkStatus();
    }
    buffer_.clear();
    begin_ = 0;
    if (at_end_) return absl::OkStatus();
    if (absl::Status status = Fill(); !status.ok()) return status;
  }
}

absl::StatusOr<std::optional<std::string_view>> LineReader::Next() {
  size_t searched = begin_;
  size_t end = buffer_.find('\n', searched);
  while (end == std::string::npos && !at_end_ && buffer_.size() - begin_ <= max_line_bytes_) {
    buffer_.erase(0, begin_);
    begin_ = 0;
    searched = buffer_.size();
    if (absl::Status status = Fill(); !status.ok()) return status;
    end = buffer_.find('\n', searched);
  }
  if (end == std::string::npos && begin_ == buffer_.size()) return std::nullopt;
  ++number_;
  const size_t size = std::min(end, buffer_.size()) - begin_;
  if (size > max_line_bytes_) {
    buffer_.erase(0, begin_);
    begin_ = 0;
    if (absl::Status status = SkipLine(); !status.ok()) return status;
    return absl::ResourceExhaustedError(
        absl::StrCat("line longer than ", max_line_bytes_, " bytes"));
  }
  std::string_view line(buffer_.data() + begin_, size);
  begin_ = end == std::string::npos ? buffer_.size() : end + 1;
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

}  // namespace peakend::cli
