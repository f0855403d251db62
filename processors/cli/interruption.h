// SIGINT and SIGTERM for a command that has something to take away before it ends.
//
// Thread-safety: as ShutdownSignal.
#ifndef PEAKEND_PROCESSORS_CLI_INTERRUPTION_H_
#define PEAKEND_PROCESSORS_CLI_INTERRUPTION_H_

#include <memory>
#include <utility>

#include "peakend/v1/config.pb.h"
#include "processors/cli/exit_code.h"
#include "processors/cli/invocation.h"
#include "processors/runtime/signals.h"

namespace peakend::cli {

class Interruption {
 public:
  // A second signal, or shutdown.limit after the first, ends the process at once. Make it before
  // other threads are. Null after an error, which was printed.
  static std::unique_ptr<Interruption> Start(const v1::Config& config, Invocation& call);

  bool requested() const { return signal_->requested(); }
  // Says that it was interrupted, and with which code to end.
  ExitCode Report(Invocation& call) const;

 private:
  explicit Interruption(std::unique_ptr<runtime::ShutdownSignal> signal)
      : signal_(std::move(signal)) {}

  const std::unique_ptr<runtime::ShutdownSignal> signal_;
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_INTERRUPTION_H_
