#include "tests/simulation/process.h"

namespace peakend::simulation {

Process::Process(Network& network, Pipeline pipeline, const runtime::WorkerOptions& options,
                 const publish::Policy& policy, const Identity& identity)
    : source_(network, identity.slot, identity.instance),
      client_(network, source_, identity.slot, identity.transactional_id),
      changelog_(network, identity.slot),
      sink_(client_, source_, {}) {
  if (pipeline == Pipeline::kCopy) {
    copy_worker_ =
        std::make_unique<CopyWorker>(source_, sink_, source_, changelog_, options.batch_records);
    source_.Listen(*copy_worker_);
    return;
  }
  worker_ = std::make_unique<runtime::Worker>(
      options, policy, source_, sink_, source_,
      [&network] { return absl::FromUnixMillis(network.broker().now_ms()); },
      runtime::WorkerHooks{});
  source_.Listen(*worker_);
}

absl::Status Process::Turn() {
  return copy_worker_ ? copy_worker_->Turn() : worker_->RunOnce().status();
}

absl::Status Process::Stop() {
  return copy_worker_ ? copy_worker_->Stop() : worker_->Run([] { return true; });
}

}  // namespace peakend::simulation
