#include "processors/runtime/repeat_limit.h"

namespace peakend::runtime {

RepeatLimit::Verdict RepeatLimit::Admit(std::string_view key, absl::Time now) {
  const std::lock_guard lock(mutex_);
  auto it = seen_.find(key);
  if (it == seen_.end()) {
    it = seen_.try_emplace(std::string(seen_.size() < options_.max_keys ? key : "")).first;
  }
  Seen& seen = it->second;
  if (now - seen.last_seen >= options_.forget_after) seen.written = 0;
  seen.last_seen = now;
  if (seen.written >= options_.burst && now - seen.last_written < options_.interval) {
    ++seen.suppressed;
    return {};
  }
  const Verdict verdict{true, seen.suppressed};
  ++seen.written;
  seen.suppressed = 0;
  seen.last_written = now;
  return verdict;
}

}  // namespace peakend::runtime
