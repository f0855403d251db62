#include "processors/runtime/memory_log.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace peakend::runtime {
namespace {

std::vector<int32_t> AllPartitions(const MemoryLog& log) {
  std::vector<int32_t> partitions(static_cast<size_t>(log.partitions()));
  std::iota(partitions.begin(), partitions.end(), 0);
  return partitions;
}

// First record at or after `offset`.
auto FindOffset(const std::deque<MemoryLog::Record>& records, int64_t offset) {
  return std::lower_bound(
      records.begin(), records.end(), offset,
      [](const MemoryLog::Record& record, int64_t wanted) { return record.offset < wanted; });
}

}  // namespace

void MemoryLog::Append(int32_t partition, Record record) {
  std::deque<Record>& records = inputs_[static_cast<size_t>(partition)];
  int64_t& end = ends_[static_cast<size_t>(partition)];
  if (record.offset < 0) record.offset = end;
  end = record.offset + 1;
  record.arrival = first_arrival_ + static_cast<int64_t>(arrivals_.size());
  arrivals_.push_back(partition);
  records.push_back(std::move(record));
}

void MemoryLog::Trim(int32_t partition, int64_t offset) {
  std::deque<Record>& records = inputs_[static_cast<size_t>(partition)];
  while (!records.empty() && records.front().offset < offset) records.pop_front();
  const auto is_gone = [this] {
    const std::deque<Record>& left = inputs_[static_cast<size_t>(arrivals_.front())];
    return left.empty() || left.front().arrival > first_arrival_;
  };
  for (; !arrivals_.empty() && is_gone(); ++first_arrival_) arrivals_.pop_front();
}

absl::Status MemoryLog::Append(const publish::OutputBatch& outputs) {
  for (size_t i = 0; i < outputs.size(); ++i) {
    const publish::Output output = outputs[i];
    if (output.topic == publish::Topic::kInput) {
      const auto key = output.has_key ? std::optional<std::string>(output.key) : std::nullopt;
      Append(output.partition, {-1, append_time_ms_, key, std::string(output.value), {}});
      continue;
    }
    std::vector<Written>& place = output.topic == publish::Topic::kState ? changelog_ : outputs_;
    place.push_back({output.topic, output.partition, std::string(output.key),
                     std::string(output.value),
                     output.headers != nullptr ? *output.headers : std::vector<publish::Header>{},
                     output.has_value});
  }
  return absl::OkStatus();
}

void MemoryLog::Forget(absl::Span<const int32_t> /*partitions*/) {}

absl::StatusOr<int64_t> MemoryLog::StableEnd(int32_t /*partition*/) {
  return static_cast<int64_t>(changelog_.size());
}

absl::Status MemoryLog::Read(int32_t partition, int64_t from,
                             const std::function<absl::Status(const ChangelogRecord&)>& take) {
  const auto end = static_cast<int64_t>(changelog_.size());
  if (from > end) return absl::OutOfRangeError("the changelog ends before");
  for (int64_t offset = from; offset < end; ++offset) {
    const Written& record = changelog_[static_cast<size_t>(offset)];
    if (record.partition != partition) continue;
    absl::Status status = take({record.key, record.value, record.has_value, offset, end});
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status MemoryLog::Commit(const Positions& positions) {
  if (failing_commits_ > 0 && !positions.empty()) {
    --failing_commits_;
    return absl::UnavailableError("commit refused");
  }
  for (const auto& [partition, offset] : positions) committed_[partition] = offset;
  return absl::OkStatus();
}

absl::StatusOr<int64_t> MemoryLog::Committed(int32_t partition) {
  const auto it = committed_.find(partition);
  return it == committed_.end() ? kNothingCommitted : it->second;
}

MemoryReader::MemoryReader(MemoryLog& log, std::vector<int32_t> partitions, ReadOrder order)
    : log_(log), partitions_(std::move(partitions)), order_(order) {}

MemoryReader::MemoryReader(MemoryLog& log, ReadOrder order)
    : MemoryReader(log, AllPartitions(log), order) {}

void MemoryReader::Assign() {
  assigned_ = true;
  std::vector<int64_t> offsets(partitions_.size(), kBeginning);
  if (listener_ != nullptr) offsets = listener_->OnAssigned(partitions_);
  for (size_t i = 0; i < partitions_.size(); ++i) next_offset_[partitions_[i]] = offsets[i];
}

const MemoryLog::Record* MemoryReader::Next(int32_t partition) {
  const std::deque<MemoryLog::Record>& records = log_.input(partition);
  const auto it = FindOffset(records, next_offset_[partition]);
  return it == records.end() ? nullptr : &*it;
}

void MemoryReader::Take(int32_t partition, const MemoryLog::Record& record) {
  next_offset_[partition] = record.offset + 1;
  batch_.push_back({partition, record.offset, record.timestamp_ms,
                    record.key ? std::string_view(*record.key) : std::string_view(),
                    record.value ? std::string_view(*record.value) : std::string_view(),
                    record.key.has_value(), record.value.has_value()});
}

absl::StatusOr<absl::Span<const InputRecord>> MemoryReader::Poll(absl::Duration /*wait*/,
                                                                 size_t max_records) {
  if (!assigned_) Assign();
  batch_.clear();
  if (order_ == ReadOrder::kRoundRobin) {
    PollRoundRobin(max_records);
  } else {
    PollInOrder(max_records);
  }
  return batch_;
}

void MemoryReader::PollRoundRobin(size_t max_records) {
  bool found = true;
  while (found && batch_.size() < max_records) {
    found = false;
    for (const int32_t partition : partitions_) {
      if (batch_.size() == max_records) break;
      const MemoryLog::Record* record = Next(partition);
      if (record == nullptr) continue;
      found = true;
      Take(partition, *record);
    }
  }
}

void MemoryReader::PollInOrder(size_t max_records) {
  const std::deque<int32_t>& arrivals = log_.arrivals();
  const int64_t end = log_.first_arrival() + static_cast<int64_t>(arrivals.size());
  next_arrival_ = std::max(next_arrival_, log_.first_arrival());
  for (; next_arrival_ < end && batch_.size() < max_records; ++next_arrival_) {
    const int32_t partition = arrivals[static_cast<size_t>(next_arrival_ - log_.first_arrival())];
    if (!next_offset_.contains(partition)) continue;
    const MemoryLog::Record* record = Next(partition);
    // Those that came before it are done, or were not to be read.
    if (record != nullptr && record->arrival == next_arrival_) Take(partition, *record);
  }
}

std::vector<publish::Header> MemoryReader::Headers(const InputRecord& record) {
  const auto it = FindOffset(log_.input(record.partition), record.offset);
  return it->headers;
}

bool MemoryReader::AtEnd(int32_t partition) {
  const std::deque<MemoryLog::Record>& records = log_.input(partition);
  return records.empty() || records.back().offset < next_offset_[partition];
}

absl::StatusOr<int64_t> MemoryReader::LogStart(int32_t partition) {
  const std::deque<MemoryLog::Record>& records = log_.input(partition);
  return records.empty() ? 0 : records.front().offset;
}

absl::Status MemoryReader::Close() {
  if (assigned_ && listener_ != nullptr) listener_->OnRevoked(partitions_, false);
  assigned_ = false;
  return absl::OkStatus();
}

}  // namespace peakend::runtime
