#include "tests/simulation/process.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace peakend::simulation {

namespace {

runtime::WorkerHooks HooksOf(Network& network, Process::Voices voices) {
  constexpr int64_t kPauseMs = 200;
  runtime::WorkerHooks hooks;
  hooks.on_pause = [&network] { network.Wait(kPauseMs); };
  hooks.on_digest_difference = [defect = std::move(voices.defect)](int32_t partition) {
    defect(absl::StrCat("partition ", partition, ": the digest differs after a replay"));
  };
  hooks.on_retry = [news = voices.news](const absl::Status& status) { news(status.ToString()); };
  hooks.on_rebalance = voices.news;
  hooks.on_snapshot = [news = voices.news](int32_t partition, const absl::Status& status) {
    news(absl::StrCat("snapshot of partition ", partition, ": ", status.ToString()));
  };
  hooks.on_snapshot_read = hooks.on_snapshot;
  return hooks;
}

}  // namespace

Process::Process(Network& network, SimDisk& disk, Pipeline pipeline,
                 const runtime::WorkerOptions& options, const publish::Policy& policy,
                 const Identity& identity, Voices voices)
    : source_(network, identity.slot, identity.instance),
      client_(network, source_, identity.slot, identity.transactional_id,
              !identity.instance.empty()),
      changelog_(network, identity.slot),
      snapshots_(network, disk),
      sink_(client_, source_, {}),
      news_(voices.news) {
  if (pipeline == Pipeline::kCopy) {
    copy_worker_ =
        std::make_unique<CopyWorker>(source_, sink_, source_, changelog_, options.batch_records);
    source_.Listen(*copy_worker_);
    return;
  }
  worker_ = std::make_unique<runtime::Worker>(
      options, policy, runtime::Waist{source_, sink_, source_, &changelog_, &snapshots_},
      [&network] { return absl::FromUnixMillis(network.broker().now_ms()); },
      HooksOf(network, std::move(voices)));
  source_.Listen(*worker_);
}

absl::StatusOr<size_t> Process::Turn() {
  absl::StatusOr<size_t> records = copy_worker_ ? copy_worker_->Turn() : worker_->RunOnce();
  if (records.ok() && *records > 0) news_(absl::StrCat("takes ", *records, " records"));
  return records;
}

absl::Status Process::Stop() {
  return copy_worker_ ? copy_worker_->Stop() : worker_->Run([] { return true; });
}

}  // namespace peakend::simulation
