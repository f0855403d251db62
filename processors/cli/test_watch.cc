#include "processors/cli/test_watch.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "processors/cli/scenario_files.h"
#include "processors/runtime/signals.h"

namespace peakend::cli {
namespace {

namespace fs = std::filesystem;

struct Stamp {
  fs::file_time_type changed = {};
  std::uintmax_t bytes = 0;

  bool operator==(const Stamp&) const = default;
};
using Stamps = std::map<std::string, Stamp>;

// A file that is not there has an empty stamp.
Stamps StampsOf(const TestOptions& options, const std::vector<std::string>& read) {
  std::vector<std::string> files = WithFilesOfFolders(options.paths);
  files.insert(files.end(), read.begin(), read.end());
  if (!options.default_policy.empty()) files.push_back(options.default_policy);
  Stamps stamps;
  for (std::string& file : files) {
    Stamp stamp;
    std::error_code changed;
    std::error_code size;
    stamp.changed = fs::last_write_time(file, changed);
    stamp.bytes = fs::file_size(file, size);
    stamps.insert_or_assign(std::move(file), changed || size ? Stamp() : stamp);
  }
  return stamps;
}

}  // namespace

ExitCode WatchTests(const TestOptions& options, const std::function<bool()>& wait,
                    Invocation& call) {
  TestsDone done;
  while (true) {
    // Before the run: what changes meanwhile makes another one.
    const Stamps before = StampsOf(options, done.files);
    done = RunTests(options, call);
    if (done.code == ExitCode::kUsage) return done.code;
    Stamps stamps = StampsOf(options, done.files);
    for (const auto& [file, stamp] : before) {
      if (const auto found = stamps.find(file); found != stamps.end()) found->second = stamp;
    }
    if (!call.quiet) *call.err << "watching " << stamps.size() << " files, Ctrl-C ends\n";
    call.err->flush();
    do {
      if (!wait()) return done.code;
    } while (StampsOf(options, done.files) == stamps);
  }
}

ExitCode WatchUntilSignal(const TestOptions& options, Invocation& call) {
  const absl::StatusOr<std::unique_ptr<runtime::ShutdownSignal>> stop =
      runtime::ShutdownSignal::Start(absl::Seconds(10));
  if (!stop.ok()) {
    *call.err << "error: " << stop.status().message() << "\n";
    return ExitCode::kBug;
  }
  const auto wait = [&] {
    constexpr int kLooksPerSecond = 10;
    for (int i = 0; i < kLooksPerSecond && !(*stop)->requested(); ++i) {
      absl::SleepFor(absl::Seconds(1) / kLooksPerSecond);
    }
    return !(*stop)->requested();
  };
  return WatchTests(options, wait, call);
}

}  // namespace peakend::cli
