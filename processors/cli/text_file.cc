#include "processors/cli/text_file.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "processors/runtime/config/yaml_tree.h"

namespace peakend::cli {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

absl::Status LastError() { return absl::NotFoundError(std::strerror(errno)); }

}  // namespace

absl::StatusOr<std::string> ReadTextFile(const std::string& path) {
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr) return LastError();
  std::string content;
  std::array<char, 65536> buffer;
  while (const size_t count = std::fread(buffer.data(), 1, buffer.size(), file.get())) {
    content.append(buffer.data(), count);
    if (content.size() > runtime::kMaxFileBytes) {
      return absl::ResourceExhaustedError("the file is too large for a configuration");
    }
  }
  if (std::ferror(file.get()) != 0) return LastError();
  return content;
}

}  // namespace peakend::cli
