// How far a replay has come: one line that is written over, on a terminal.
//
// Thread-safety: one thread.
#ifndef PEAKEND_PROCESSORS_CLI_REPLAY_PROGRESS_H_
#define PEAKEND_PROCESSORS_CLI_REPLAY_PROGRESS_H_

#include <cstdint>
#include <optional>
#include <ostream>

#include "absl/time/time.h"
#include "processors/cli/invocation.h"

namespace peakend::cli {

class ReplayProgress {
 public:
  // Says nothing where `call.err` is no terminal, or with --quiet.
  explicit ReplayProgress(const Invocation& call);
  // Takes the line away.
  ~ReplayProgress();
  ReplayProgress(const ReplayProgress&) = delete;
  ReplayProgress& operator=(const ReplayProgress&) = delete;

  // `share` in [0, 1] is done; nothing = unknown. At most five times a second it is shown.
  void Show(int64_t records, std::optional<double> share, absl::Time now);

 private:
  std::ostream* const err_;  // null = silent
  const absl::Time start_;
  absl::Time shown_ = absl::InfinitePast();
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_REPLAY_PROGRESS_H_
