#include "processors/runtime/worker.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace peakend::runtime {

Worker::Worker(const WorkerOptions& options, const publish::Policy& policy, Source& source,
               Sink& sink, Progress& progress, std::function<absl::Time()> clock, WorkerHooks hooks)
    : options_(options),
      policy_(policy),
      source_(source),
      sink_(sink),
      progress_(progress),
      clock_(std::move(clock)),
      hooks_(std::move(hooks)),
      decoder_(options.limits),
      last_commit_(clock_()) {}

absl::Status Worker::Run(const std::function<bool()>& stop) {
  while (!stop()) {
    if (const absl::StatusOr<size_t> records = RunOnce(); !records.ok()) return records.status();
  }
  if (absl::Status status = CommitAll(); !status.ok()) return status;
  return source_.Close();
}

absl::StatusOr<size_t> Worker::RunOnce() {
  auto polled = source_.Poll(options_.batch_wait, options_.batch_records);
  if (!polled.ok()) {
    if (!absl::IsUnavailable(polled.status())) return polled.status();
    if (hooks_.on_retry) hooks_.on_retry(polled.status());
    return size_t{0};
  }
  const absl::Span<const InputRecord> records = *polled;
  outputs_.Clear();
  BatchReport report{records.size(), 0, {}, {}, outputs_, stats_};
  const absl::Time begin = clock_();
  Process(records, report);
  report.processing = clock_() - begin;
  uncommitted_ += records.size();
  if (!outputs_.empty()) {
    if (absl::Status status = sink_.Append(outputs_); !status.ok()) return status;
  }
  report.replay_left = ReplayLeft();
  report.assigned_partitions = owned_.size();
  if (hooks_.on_batch) {
    UpdateGauges();
    hooks_.on_batch(report);
  }
  if (CommitIsDue()) {
    // What is unavailable now is tried again after the next poll, which the
    // consumer needs to stay in its group.
    if (absl::Status status = Commit(); !status.ok() && !absl::IsUnavailable(status)) return status;
  }
  return records.size();
}

void Worker::Process(absl::Span<const InputRecord> records, BatchReport& report) {
  // Far enough ahead to hide a cache miss, near enough not to be evicted again.
  constexpr size_t kAhead = 8;
  for (size_t i = 0; i < records.size(); ++i) {
    if (i + kAhead < records.size()) {
      const InputRecord& ahead = records[i + kAhead];
      if (const auto it = owned_.find(ahead.partition); it != owned_.end()) {
        it->second.partition->Prefetch(ahead.key);
      }
    }
    const InputRecord& record = records[i];
    report.input_bytes += record.key.size() + record.value.size();
    // A partition given up in the middle of a batch is somebody else's now.
    if (const auto it = owned_.find(record.partition); it != owned_.end()) {
      ProcessOne(record, it->second, report);
    }
  }
}

void Worker::ProcessOne(const InputRecord& record, Owned& owned, BatchReport& report) {
  // Guards against a client that delivers a record twice.
  if (record.offset < owned.next_offset) return;
  const Outcome outcome = owned.partition->Process(record, decoder_, outputs_, stats_);
  if (KeepsOriginal(outcome)) {
    outputs_.PrependHeaders(outputs_.size() - 1, source_.Headers(record));
  }
  for (const auto& change : owned.partition->last_counts().alerts) {
    if (change.state == v1::Alert::OPEN) report.raised.emplace_back(change.rule, change.event_ms);
  }
  owned.next_offset = record.offset + 1;
}

bool Worker::CommitIsDue() const {
  return uncommitted_ >= options_.commit_records ||
         (uncommitted_ > 0 && clock_() - last_commit_ >= options_.commit_interval);
}

absl::Status Worker::CollectPositions(Positions* positions) {
  absl::Status unknown;
  for (auto& [id, owned] : owned_) {
    if (!owned.committed_before) {
      const absl::StatusOr<int64_t> committed = progress_.Committed(id);
      if (!committed.ok()) {
        if (!absl::IsUnavailable(committed.status())) return committed.status();
        unknown = committed.status();
        continue;
      }
      owned.committed_before = *committed;
    }
    // Going back over old records must not take the committed position back.
    if (owned.next_offset > *owned.committed_before) (*positions)[id] = owned.next_offset;
  }
  return unknown;
}

absl::Status Worker::Commit() {
  const absl::Time begin = clock_();
  Positions positions;
  const absl::Status known = CollectPositions(&positions);
  if (!known.ok() && !absl::IsUnavailable(known)) return known;
  // Even without a position to commit, outputs have to be delivered.
  absl::Status status = sink_.Commit(positions);
  if (status.ok()) status = known;
  last_commit_ = clock_();
  if (absl::IsUnavailable(status) && hooks_.on_retry) hooks_.on_retry(status);
  if (!status.ok()) return status;
  uncommitted_ = 0;
  if (hooks_.on_commit) hooks_.on_commit(last_commit_ - begin);
  return absl::OkStatus();
}

absl::Status Worker::CommitAll() {
  absl::Status status = Commit();
  while (absl::IsUnavailable(status)) status = Commit();
  return status;
}

absl::Status Worker::Finish() {
  outputs_.Clear();
  for (auto& [id, owned] : owned_) owned.partition->Finish(outputs_, stats_);
  if (!outputs_.empty()) {
    if (absl::Status status = sink_.Append(outputs_); !status.ok()) return status;
  }
  return CommitAll();
}

std::vector<int64_t> Worker::OnAssigned(absl::Span<const int32_t> partitions) {
  for (const int32_t id : partitions) {
    Owned& owned = owned_[id];
    owned.partition = std::make_unique<Partition>(id, options_.input_topic, policy_);
    owned.next_offset = 0;
    owned.committed_before.reset();
    // What is not known yet is asked again at the next commit.
    if (const auto committed = progress_.Committed(id); committed.ok()) {
      owned.committed_before = *committed;
    }
  }
  if (hooks_.on_rebalance) {
    hooks_.on_rebalance(absl::StrCat("assigned ", partitions.size(), " partitions"));
  }
  return std::vector<int64_t>(partitions.size(), kBeginning);
}

void Worker::OnRevoked(absl::Span<const int32_t> partitions, bool lost) {
  // One try: whoever takes over repeats what is not committed.
  if (!lost) Commit().IgnoreError();
  for (const int32_t id : partitions) owned_.erase(id);
  if (hooks_.on_rebalance) {
    hooks_.on_rebalance(
        absl::StrCat(lost ? "lost " : "gave up ", partitions.size(), " partitions"));
  }
}

int64_t Worker::ReplayLeft() const {
  int64_t left = 0;
  for (const auto& [id, owned] : owned_) {
    left += owned.committed_before
                ? std::max<int64_t>(0, *owned.committed_before - owned.next_offset)
                : 1;
  }
  return left;
}

void Worker::UpdateGauges() {
  stats_.customers = 0;
  stats_.journeys_open = 0;
  stats_.state_bytes = 0;
  stats_.clocks.clear();
  for (const auto& [id, owned] : owned_) {
    const Partition& partition = *owned.partition;
    stats_.customers += static_cast<int64_t>(partition.customers());
    stats_.journeys_open += partition.open_journeys();
    stats_.state_bytes += static_cast<int64_t>(partition.state_bytes());
    stats_.clocks[id] = {partition.now_ms(), partition.watermark_ms()};
  }
}

}  // namespace peakend::runtime
