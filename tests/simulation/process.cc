#include "tests/simulation/process.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace peakend::simulation {

namespace {

runtime::WorkerHooks HooksOf(Network& network, std::function<void(const std::string&)> on_defect) {
  constexpr int64_t kPauseMs = 200;
  runtime::WorkerHooks hooks;
  hooks.on_pause = [&network] { network.Wait(kPauseMs); };
  hooks.on_digest_difference = [on_defect = std::move(on_defect)](int32_t partition) {
    on_defect(absl::StrCat("partition ", partition, ": the digest differs after a replay"));
  };
  return hooks;
}

}  // namespace

Process::Process(Network& network, Pipeline pipeline, const runtime::WorkerOptions& options,
                 const publish::Policy& policy, const Identity& identity,
                 std::function<void(const std::string&)> on_defect)
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
      options, policy, source_, sink_, source_, &changelog_,
      [&network] { return absl::FromUnixMillis(network.broker().now_ms()); },
      HooksOf(network, std::move(on_defect)));
  source_.Listen(*worker_);
}

absl::Status Process::Turn() {
  return copy_worker_ ? copy_worker_->Turn() : worker_->RunOnce().status();
}

absl::Status Process::Stop() {
  return copy_worker_ ? copy_worker_->Stop() : worker_->Run([] { return true; });
}

}  // namespace peakend::simulation
