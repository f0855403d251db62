#include "processors/cli/interruption.h"

#include <ostream>

#include "absl/time/time.h"

namespace peakend::cli {

std::unique_ptr<Interruption> Interruption::Start(const v1::Config& config, Invocation& call) {
  const google::protobuf::Duration& limit = config.shutdown().limit();
  auto signal = runtime::ShutdownSignal::Start(absl::Seconds(limit.seconds()) +
                                               absl::Nanoseconds(limit.nanos()));
  if (!signal.ok()) {
    *call.err << "error: cannot listen for signals: " << signal.status().message() << std::endl;
    return nullptr;
  }
  return std::unique_ptr<Interruption>(new Interruption(*std::move(signal)));
}

ExitCode Interruption::Report(Invocation& call) const {
  *call.err << "interrupted: nothing is left behind; start again" << std::endl;
  return ExitCode::kForced;
}

}  // namespace peakend::cli
