#include "processors/runtime/process_usage.h"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace peakend::runtime {
namespace {

std::string ReadAll(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

int64_t CountOpenFiles() {
  DIR* const folder = opendir("/proc/self/fd");
  if (folder == nullptr) return 0;
  int64_t entries = 0;
  while (readdir(folder) != nullptr) ++entries;
  closedir(folder);
  return entries - 3;  // ".", ".." and the folder itself
}

int64_t BootTimeSeconds() {
  int64_t seconds = 0;
  const std::string stat = ReadAll("/proc/stat");
  if (const size_t at = stat.find("\nbtime "); at != std::string::npos) {
    const std::string line = stat.substr(at + 7, stat.find('\n', at + 7) - at - 7);
    if (!absl::SimpleAtoi(line, &seconds)) return 0;
  }
  return seconds;
}

// Fields of /proc/self/stat, numbered as in proc(5) from `state` = 3.
class StatFields {
 public:
  StatFields() {
    const std::string stat = ReadAll("/proc/self/stat");
    // The name before may hold blanks and brackets.
    const size_t end = stat.rfind(')');
    if (end == std::string::npos) return;
    fields_ = absl::StrSplit(stat.substr(end + 1), absl::ByAnyChar(" \n"), absl::SkipEmpty());
  }

  int64_t operator[](size_t number) const {
    int64_t value = 0;
    if (number < 3 || number - 3 >= fields_.size()) return 0;
    return absl::SimpleAtoi(fields_[number - 3], &value) ? value : 0;
  }

 private:
  std::vector<std::string> fields_;
};

}  // namespace

ProcessUsage ReadProcessUsage() {
  const StatFields stat;
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  ProcessUsage usage;
  usage.cpu_seconds = static_cast<double>(stat[14] + stat[15]) / ticks;
  usage.threads = stat[20];
  usage.virtual_bytes = stat[23];
  usage.resident_bytes = stat[24] * sysconf(_SC_PAGESIZE);
  if (const int64_t boot = BootTimeSeconds(); boot > 0) {
    usage.start_time_seconds = static_cast<double>(boot) + static_cast<double>(stat[22]) / ticks;
  }
  usage.open_files = CountOpenFiles();
  struct rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) usage.max_files = static_cast<int64_t>(limit.rlim_cur);
  return usage;
}

}  // namespace peakend::runtime
