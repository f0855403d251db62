// How far a load has come: a line that is written over on a terminal, whole lines now and then
// elsewhere.
//
// Thread-safety: one thread.
#ifndef PEAKEND_PROCESSORS_CLI_LOAD_SCREEN_H_
#define PEAKEND_PROCESSORS_CLI_LOAD_SCREEN_H_

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

#include "absl/time/time.h"
#include "peakend/v1/load_manifest.pb.h"
#include "processors/cli/invocation.h"
#include "processors/cli/load_options.h"

namespace peakend::cli {

class LoadScreen {
 public:
  // Silent with --quiet. `call` outlives it.
  LoadScreen(const Invocation& call, const LoadOptions& options);

  // Of a file: records so far, and the load's time.
  void ShowWritten(int64_t records, int64_t due_us);

  // Of a topic.
  struct Figures {
    int64_t due_us = 0;
    int64_t records = 0;
    int64_t waiting = 0;              // handed to the client, not acknowledged
    std::optional<int64_t> lag = {};  // records that the workers have not committed
    v1::LoadQuantiles late = {};
    v1::LoadQuantiles alerts = {};
  };
  // Whether it is time for another.
  bool Due(absl::Time now) const;
  void Show(const Figures& figures, absl::Time now);
  // Takes the line away.
  void End();

 private:
  void Line(const std::string& text, absl::Time now);

  std::ostream* const err_;  // null = silent
  const bool terminal_;
  const int64_t length_us_;
  const double offered_;
  absl::Time shown_;
  int64_t records_shown_ = 0;
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_LOAD_SCREEN_H_
