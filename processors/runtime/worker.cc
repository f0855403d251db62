#include "processors/runtime/worker.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/publish/clock_tick.h"
#include "processors/runtime/crash_point.h"

namespace peakend::runtime {
namespace {

constexpr absl::Duration kLongestTickPause = absl::Minutes(1);

}  // namespace

Worker::Worker(const WorkerOptions& options, const publish::Policy& policy, const Waist& waist,
               std::function<absl::Time()> clock, WorkerHooks hooks)
    : options_(options),
      policy_(policy),
      source_(waist.source),
      sink_(waist.sink),
      progress_(waist.progress),
      changelog_(waist.changelog),
      snapshots_(waist.snapshots),
      clock_(std::move(clock)),
      hooks_(std::move(hooks)),
      decoder_(options.limits),
      last_commit_(clock_()),
      last_tick_look_(last_commit_) {
  if (snapshots_ == nullptr || changelog_ == nullptr) return;
  walk_.emplace(options.snapshots, *snapshots_, *changelog_,
                [this](int32_t id, const absl::Status& status) {
                  ++(status.ok() ? stats_.snapshots_written : stats_.snapshots_failed);
                  if (hooks_.on_snapshot) hooks_.on_snapshot(id, status);
                });
}

absl::Status Worker::Run(const std::function<bool()>& stop) {
  stop_ = stop;
  while (!stop()) {
    if (const absl::StatusOr<size_t> records = RunOnce(); !records.ok()) return records.status();
  }
  if (absl::Status status = CommitAll(); !status.ok()) return status;
  // Gives the partitions up, and with them the state of all changed customers.
  return source_.Close();
}

absl::StatusOr<size_t> Worker::RunOnce() {
  // Before the first poll: a transaction that a dead process left open holds the
  // positions back that a restore asks for.
  if (!started_) {
    absl::Status status = sink_.Commit({});
    if (absl::IsUnavailable(status)) {
      if (hooks_.on_retry) hooks_.on_retry(status);
      return size_t{0};
    }
    if (!status.ok()) return status;
    started_ = true;
  }
  // A commit that does not come through bounds what is taken in meanwhile.
  const size_t room = uncommitted_ < 2 * options_.commit_records ? options_.batch_records : 1;
  auto polled = source_.Poll(options_.batch_wait, room);
  if (!failed_.ok()) return failed_;
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
  if (!failed_.ok()) return failed_;
  report.processing = clock_() - begin;
  uncommitted_ += records.size();
  WriteTicks();
  BeginSnapshot();
  if (absl::Status status = AppendOutputs(); !status.ok()) return status;
  report.replay_left = ReplayLeft();
  report.assigned_partitions = owned_.size();
  if (hooks_.on_batch) {
    UpdateGauges();
    hooks_.on_batch(report);
  }
  bool settled = uncommitted_ == 0;
  if (CommitIsDue()) {
    // What is unavailable now is tried again after the next poll, which the
    // consumer needs to stay in its group.
    absl::Status status = Commit();
    if (!status.ok() && !absl::IsUnavailable(status)) return status;
    settled = status.ok();
  }
  if (settled && hooks_.on_settled) hooks_.on_settled(*this);
  return records.size();
}

absl::Status Worker::AppendOutputs() {
  if (outputs_.empty()) return absl::OkStatus();
  CrashPoint(CrashAt::kBeforeAppend);
  absl::Status status = sink_.Append(outputs_);
  CrashPoint(CrashAt::kAfterAppend);
  return status;
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
  const bool replaying = owned.partition->replaying();
  if (replaying) CrashPoint(CrashAt::kInReplay);
  const publish::Policy* const policy = &owned.partition->policy();
  const Outcome outcome = owned.partition->Process(record, decoder_, outputs_, stats_);
  if (hooks_.on_policy && policy != &owned.partition->policy()) {
    hooks_.on_policy(record.partition, owned.partition->policies().shared(),
                     PolicyFound::kInTheLog);
  }
  if (KeepsOriginal(outcome)) {
    outputs_.PrependHeaders(outputs_.size() - 1, source_.Headers(record));
  }
  for (const auto& change : owned.partition->last_counts().alerts) {
    if (change.state != v1::Alert::OPEN) continue;
    report.raised.emplace_back(std::string(change.rule), change.event_ms);
  }
  owned.next_offset = record.offset + 1;
  owned.tick_under_way = false;
  if (replaying && !owned.partition->replaying()) {
    failed_.Update(CheckReplay(record.partition, owned));
  }
}

void Worker::WriteTicks() {
  if (changelog_ == nullptr) return;
  const absl::Time now = clock_();
  if (now - last_tick_look_ < options_.tick_interval) return;
  last_tick_look_ = now;
  for (auto& [id, owned] : owned_) {
    if (!owned.partition->replaying() && !owned.tick_under_way && now >= owned.tick_after) {
      WriteTick(id, owned, now);
    }
  }
}

void Worker::WriteTick(int32_t id, Owned& owned, absl::Time now) {
  const int64_t due_ms = owned.partition->NextDueMs();
  // Our clock only decides whether to ask; the broker's stamp on the tick decides
  // what fires.
  if (absl::ToUnixMillis(now) < due_ms || !source_.AtEnd(id)) return;
  CrashPoint(CrashAt::kBeforeTick);
  const bool again = due_ms == owned.ticked_for_ms;
  owned.tick_pause =
      again ? std::min(2 * owned.tick_pause, kLongestTickPause) : options_.tick_interval;
  owned.ticked_for_ms = due_ms;
  owned.tick_after = now + owned.tick_pause;
  owned.tick_under_way = true;
  publish::AppendClockTick(id, due_ms, outputs_);
  ++stats_.clock_ticks;
  ++uncommitted_;
}

void Worker::BeginSnapshot() {
  if (!walk_ || walk_->Copies()) return;
  const absl::Time now = clock_();
  for (const auto& [id, owned] : owned_) {
    walk_->MaybeBegin(id, *owned.partition, owned.next_offset, now);
  }
}

bool Worker::CommitIsDue() const {
  if (uncommitted_ >= options_.commit_records) return true;
  const absl::Duration since = clock_() - last_commit_;
  if (uncommitted_ > 0 || (walk_ && walk_->Copies())) return since >= options_.commit_interval;
  // Where nothing comes any more, what was taken in last still has to be written.
  return changelog_ != nullptr && options_.checkpoint.interval > absl::ZeroDuration() &&
         since >= std::max(options_.commit_interval, options_.checkpoint.interval) &&
         std::any_of(owned_.begin(), owned_.end(), [](const auto& entry) {
           return !entry.second.partition->replaying() && entry.second.partition->unwritten() > 0;
         });
}

Positions Worker::AllPositions() const {
  Positions positions;
  for (const auto& [id, owned] : owned_) {
    // Going back over old records must not take the committed position back.
    if (!owned.partition->replaying() && owned.next_offset >= owned.committed) {
      positions[id] = owned.next_offset;
    }
  }
  return positions;
}

// State stands behind the outputs that it implies, and in the same commit.
void Worker::AppendState(bool everything) {
  outputs_.Clear();
  if (changelog_ == nullptr) return;
  const absl::Time now = clock_();
  const absl::Time until = now + options_.revoke_budget;
  for (auto& [id, owned] : owned_) {
    if (owned.partition->replaying()) continue;
    // A partition that stands still has nothing to add to its newest progress record.
    const bool moved = owned.next_offset != owned.written_offset;
    const bool copied = walk_ && walk_->Copies(id);
    if (!moved && !copied && owned.partition->unwritten() == 0) continue;
    owned.written_offset = owned.next_offset;
    if (copied) walk_->Copy(*owned.partition, owned.next_offset, outputs_);
    if (everything) {
      owned.partition->WriteAllState(
          owned.next_offset, [&] { return clock_() < until; }, outputs_);
    } else {
      owned.partition->WriteState(owned.next_offset, now, options_.checkpoint, outputs_);
    }
  }
}

absl::Status Worker::Commit() {
  const absl::Time begin = clock_();
  AppendState(false);
  absl::Status status = AppendOutputs();
  if (status.ok()) status = sink_.Commit(AllPositions());
  last_commit_ = clock_();
  if (absl::IsUnavailable(status) && hooks_.on_retry) hooks_.on_retry(status);
  if (!status.ok()) return status;
  uncommitted_ = 0;
  if (walk_) walk_->Committed();
  if (hooks_.on_commit) hooks_.on_commit(last_commit_ - begin);
  return absl::OkStatus();
}

absl::Status Worker::CommitAll() {
  absl::Status status = Commit();
  while (absl::IsUnavailable(status)) {
    // The reason may be that the group has moved on, which only a poll tells us. A
    // record that it hands out is left to whoever comes next.
    const auto polled = source_.Poll(options_.batch_wait, 1);
    if (!polled.ok() && !absl::IsUnavailable(polled.status())) return polled.status();
    status = Commit();
  }
  return status;
}

absl::Status Worker::Finish() {
  outputs_.Clear();
  for (auto& [id, owned] : owned_) owned.partition->Finish(outputs_, stats_);
  if (absl::Status status = AppendOutputs(); !status.ok()) return status;
  return CommitAll();
}

int64_t Worker::ReplayLeft() const {
  int64_t left = 0;
  for (const auto& [id, owned] : owned_) {
    left += std::max<int64_t>(0, owned.committed - owned.next_offset);
  }
  return left;
}

void Worker::UpdateGauges() {
  stats_.customers = 0;
  stats_.journeys_open = 0;
  stats_.state_bytes = 0;
  stats_.customers_unwritten = 0;
  stats_.clocks.clear();
  for (const auto& [id, owned] : owned_) {
    const Partition& partition = *owned.partition;
    stats_.customers += static_cast<int64_t>(partition.customers());
    stats_.journeys_open += partition.open_journeys();
    stats_.state_bytes += static_cast<int64_t>(partition.state_bytes());
    stats_.customers_unwritten += static_cast<int64_t>(partition.unwritten());
    stats_.clocks[id] = {partition.now_ms(), partition.watermark_ms(), partition.notices(),
                         partition.policy().stamp};
  }
}

}  // namespace peakend::runtime
