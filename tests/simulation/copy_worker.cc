#include "tests/simulation/copy_worker.h"

#include <algorithm>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace peakend::simulation {

using publish::Topic;
using runtime::InputRecord;

CopyWorker::CopyWorker(runtime::Source& source, runtime::Sink& sink, runtime::Progress& progress,
                       runtime::Changelog& changelog, size_t batch_records)
    : source_(source),
      sink_(sink),
      progress_(progress),
      changelog_(changelog),
      batch_records_(batch_records) {}

void CopyWorker::Copy(const InputRecord& record, publish::OutputBatch& outputs) {
  const Topic topic = record.offset % 3 == 0 ? Topic::kJourneys : Topic::kAlerts;
  outputs.Append(topic, record.partition, record.key,
                 std::to_string(record.offset) + std::string(record.value));
}

absl::StatusOr<size_t> CopyWorker::Turn() {
  const auto polled = source_.Poll(absl::ZeroDuration(), batch_records_);
  if (!broken_.ok()) return broken_;
  if (!polled.ok()) {
    if (absl::IsUnavailable(polled.status())) return size_t{0};
    return polled.status();
  }
  outputs_.Clear();
  for (const InputRecord& record : *polled) {
    const auto next = next_.find(record.partition);
    if (next == next_.end() || record.offset < next->second) continue;
    Copy(record, outputs_);
    next->second = record.offset + 1;
  }
  if (absl::Status status = sink_.Append(outputs_); !status.ok()) return status;
  const absl::Status status = Commit();
  if (!status.ok() && !absl::IsUnavailable(status)) return status;
  return polled->size();
}

absl::Status CopyWorker::Commit() {
  outputs_.Clear();
  for (const auto& [partition, position] : next_) {
    if (stored_[partition] == position) continue;
    stored_[partition] = position;
    outputs_.Append(Topic::kState, partition, "position", absl::StrCat(position));
  }
  if (absl::Status status = sink_.Append(outputs_); !status.ok()) return status;
  return sink_.Commit(next_);
}

absl::Status CopyWorker::Stop() {
  absl::Status status = Commit();
  while (absl::IsUnavailable(status)) {
    // The reason may be that the group has moved on, which only a poll tells us.
    const auto polled = source_.Poll(absl::ZeroDuration(), 0);
    if (!polled.ok() && !absl::IsUnavailable(polled.status())) return polled.status();
    status = Commit();
  }
  return status.ok() ? source_.Close() : status;
}

absl::StatusOr<int64_t> CopyWorker::Restore(int32_t partition) {
  const absl::StatusOr<int64_t> committed = progress_.Committed(partition);
  if (!committed.ok()) return committed;
  int64_t stored = runtime::kNothingCommitted;
  const absl::Status read =
      changelog_.Read(partition, 0, [&](const runtime::ChangelogRecord& record) {
        return absl::SimpleAtoi(std::string(record.value), &stored)
                   ? absl::OkStatus()
                   : absl::DataLossError("not a position");
      });
  if (!read.ok()) return read;
  if (stored == *committed) return committed;
  return absl::UnavailableError(absl::StrCat("partition ", partition, ": state of ", stored,
                                             ", the group is at ", *committed));
}

std::vector<int64_t> CopyWorker::OnAssigned(absl::Span<const int32_t> partitions) {
  constexpr int kTries = 500;
  std::vector<int64_t> starts;
  for (const int32_t partition : partitions) {
    absl::StatusOr<int64_t> start = Restore(partition);
    for (int i = 0; i < kTries && absl::IsUnavailable(start.status()); ++i) {
      start = Restore(partition);
    }
    if (!start.ok()) broken_ = absl::DataLossError(start.status().message());
    stored_[partition] = start.value_or(0);
    starts.push_back(std::max<int64_t>(stored_[partition], 0));
    next_[partition] = starts.back();
  }
  return starts;
}

void CopyWorker::OnRevoked(absl::Span<const int32_t> partitions, bool lost) {
  if (!lost) Commit().IgnoreError();
  sink_.Forget(partitions);
  for (const int32_t partition : partitions) next_.erase(partition);
}

}  // namespace peakend::simulation
