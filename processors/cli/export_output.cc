#include "processors/cli/export_output.h"

#include "absl/strings/str_cat.h"

namespace peakend::cli {

absl::StatusOr<std::unique_ptr<ExportOutput>> ExportOutput::Open(const std::string& path,
                                                                 bool replace, bool zstd,
                                                                 std::ostream& out) {
  std::unique_ptr<ExportOutput> output(new ExportOutput(out));
  if (zstd) output->zstd_.emplace();
  if (path == "-") return output;
  auto file = NewFile::Create(path, replace ? NewFile::IfThere::kReplace : NewFile::IfThere::kKeep);
  if (absl::IsUnavailable(file.status())) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot make `", path, "`: ", file.status().message()));
  }
  if (!file.ok()) return file.status();
  output->file_ = *std::move(file);
  return output;
}

absl::Status ExportOutput::Write(std::string_view bytes) {
  bytes_ += static_cast<int64_t>(bytes.size());
  if (file_ != nullptr) return file_->Append(bytes);
  out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return out_.good() ? absl::OkStatus()
                     : absl::UnavailableError("nobody reads the standard output any more");
}

absl::Status ExportOutput::Flush() {
  absl::Status status;
  if (zstd_) {
    packed_.clear();
    status = zstd_->Append(text_, &packed_);
    if (status.ok()) status = Write(packed_);
  } else {
    status = Write(text_);
  }
  text_.clear();
  return status;
}

absl::Status ExportOutput::Finish() {
  absl::Status status = Flush();
  if (status.ok() && zstd_) {
    packed_.clear();
    status = zstd_->Finish(&packed_);
    if (status.ok()) status = Write(packed_);
  }
  if (!status.ok() || file_ != nullptr) return status.ok() ? file_->Finish() : status;
  out_.flush();
  return Write({});
}

}  // namespace peakend::cli
