// Decides which of many equal messages are written, so that a broker which is down
// for an hour makes some hundred lines and not a million.
//
// The first `burst` of a key pass, then one per `interval` which tells how many were
// left out. A key that was silent for `forget_after` starts anew.
//
// Thread-safety: Admit may be called from any thread. Memory is bounded: beyond
// `max_keys` all new keys count as one.
#ifndef PEAKEND_PROCESSORS_RUNTIME_REPEAT_LIMIT_H_
#define PEAKEND_PROCESSORS_RUNTIME_REPEAT_LIMIT_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace peakend::runtime {

struct RepeatLimitOptions {
  int64_t burst = 5;
  absl::Duration interval = absl::Seconds(10);
  absl::Duration forget_after = absl::Minutes(1);
  size_t max_keys = 1024;
};

class RepeatLimit {
 public:
  struct Verdict {
    bool write = false;
    // Messages of this key left out since the last one written; 0 unless `write`.
    int64_t suppressed = 0;
  };

  explicit RepeatLimit(const RepeatLimitOptions& options) : options_(options) {}

  Verdict Admit(std::string_view key, absl::Time now);

 private:
  struct Seen {
    int64_t written = 0;
    int64_t suppressed = 0;
    absl::Time last_written = absl::InfinitePast();
    absl::Time last_seen = absl::InfinitePast();
  };

  const RepeatLimitOptions options_;
  std::mutex mutex_;  // guards all below
  std::map<std::string, Seen, std::less<>> seen_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_REPEAT_LIMIT_H_
