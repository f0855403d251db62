#include "benchmarks/peers/peakend/job_worker.h"

#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/journey/identifier.h"

namespace peakend::peer_job {
namespace {

// A transaction that is being ended holds the changelog back for some milliseconds.
constexpr int kRestoreTries = 20;

// Far enough to hide a cache miss, near enough not to be evicted again.
constexpr size_t kAhead = 8;

void PrefetchBytes(std::string_view bytes) {
  constexpr size_t kCacheLine = 64;
  for (size_t at = 0; at < bytes.size(); at += kCacheLine) __builtin_prefetch(bytes.data() + at);
}

}  // namespace

JobWorker::JobWorker(const JobWorkerOptions& options, const Waist& waist,
                     std::function<absl::Time()> clock, Hooks hooks)
    : options_(options),
      waist_(waist),
      clock_(std::move(clock)),
      hooks_(std::move(hooks)),
      commit_due_(clock_()) {}

absl::Status JobWorker::Run(const std::function<bool()>& stop) {
  // Before the first poll: what a dead process left open holds the positions back that a
  // restore asks for.
  absl::Status status = waist_.sink.Commit({});
  while (absl::IsUnavailable(status) && !stop()) status = waist_.sink.Commit({});
  while (!stop()) {
    if (absl::IsUnavailable(status)) {
      hooks_.on_retry(status);
    } else if (!status.ok()) {
      return status;
    }
    status = Turn();
  }
  while (absl::IsUnavailable(status = Commit())) {
    // The reason may be that the group has moved on, which only a poll tells. A record that
    // it hands out is left to whoever comes next.
    const auto polled = waist_.source.Poll(options_.batch_wait, 1);
    if (!polled.ok() && !absl::IsUnavailable(polled.status())) return polled.status();
  }
  return status.ok() ? waist_.source.Close() : status;
}

absl::Status JobWorker::Turn() {
  const size_t room = uncommitted_ < options_.max_uncommitted ? options_.batch_records : 1;
  const auto records = waist_.source.Poll(options_.batch_wait, room);
  hooks_.after_poll();
  if (!failed_.ok()) return failed_;
  if (!records.ok()) return records.status();
  if (absl::Status status = ReadBatch(*records); !status.ok()) return status;
  outputs_.Clear();
  for (const Job& job : batch_) {
    if (job.partition->Process(job.offset, job.event, *job.customer, outputs_)) {
      hooks_.on_event(++events_);
    }
  }
  uncommitted_ += batch_.size();
  if (absl::Status status = waist_.sink.Append(outputs_); !status.ok()) return status;
  return uncommitted_ > 0 && clock_() >= commit_due_ ? Commit() : absl::OkStatus();
}

// In three passes over the batch (bytes, index, customers), each of which asks for the memory
// of the next one or waits for many places at once: a batch's customers are in no cache.
absl::Status JobWorker::ReadBatch(absl::Span<const runtime::InputRecord> records) {
  batch_.clear();
  reader_.Clear();
  for (size_t i = 0; i < records.size(); ++i) {
    const runtime::InputRecord& record = records[i];
    if (i + kAhead < records.size()) PrefetchBytes(records[i + kAhead].value);
    const auto owned = owned_.find(record.partition);
    // Given up inside the poll.
    if (owned == owned_.end()) continue;
    Job& job = batch_.emplace_back();
    if (!reader_.Read(record.value, &job.event)) {
      return absl::DataLossError(
          absl::StrCat("no Event at partition ", record.partition, " offset ", record.offset));
    }
    job.offset = record.offset;
    job.partition = owned->second.get();
    job.hash = journey::Hash64(job.event.customer);
    job.partition->Prefetch(job.hash);
  }
  for (Job& job : batch_) {
    job.customer = &job.partition->FindOrCreate(job.hash, job.event.customer);
  }
  return absl::OkStatus();
}

runtime::Positions JobWorker::AllPositions() const {
  runtime::Positions positions;
  for (const auto& [id, partition] : owned_) {
    // A replay must not take the committed position back.
    if (!partition->replaying()) positions[id] = partition->position();
  }
  return positions;
}

absl::Status JobWorker::Commit() {
  const absl::Time now = clock_();
  outputs_.Clear();
  for (const auto& [id, partition] : owned_) {
    if (partition->moved() && !partition->replaying()) {
      partition->WriteState(now, options_.checkpoint, outputs_);
    }
  }
  absl::Status status = waist_.sink.Append(outputs_);
  if (status.ok()) status = waist_.sink.Commit(AllPositions());
  if (status.ok()) uncommitted_ = 0;
  commit_due_ = clock_() + options_.commit_interval;
  return status;
}

std::vector<int64_t> JobWorker::OnAssigned(absl::Span<const int32_t> partitions) {
  std::vector<int64_t> starts;
  for (const int32_t id : partitions) {
    auto partition = Restore(id);
    for (int i = 1; i < kRestoreTries && absl::IsUnavailable(partition.status()); ++i) {
      hooks_.on_retry(partition.status());
      partition = Restore(id);
    }
    const absl::StatusOr<int64_t> committed = waist_.progress.Committed(id);
    failed_.Update(partition.status());
    failed_.Update(committed.status());
    if (!failed_.ok()) return std::vector<int64_t>(partitions.size(), runtime::kBeginning);
    const absl::StatusOr<int64_t> start = (*partition)->Resume(*committed);
    failed_.Update(start.status());
    starts.push_back(start.value_or(runtime::kBeginning));
    owned_[id] = *std::move(partition);
  }
  return starts;
}

absl::StatusOr<std::unique_ptr<JobPartition>> JobWorker::Restore(int32_t id) {
  auto partition = std::make_unique<JobPartition>(id);
  absl::Status read = waist_.changelog.Read(
      id, 0, [&](const runtime::ChangelogRecord& record) { return partition->Restore(record); });
  if (!read.ok()) return read;
  return partition;
}

void JobWorker::OnRevoked(absl::Span<const int32_t> partitions, bool lost) {
  // One try: whoever takes over repeats what is not committed.
  if (!lost) Commit().IgnoreError();
  waist_.sink.Forget(partitions);
  for (const int32_t id : partitions) owned_.erase(id);
}

}  // namespace peakend::peer_job
