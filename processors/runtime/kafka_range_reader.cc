#include "processors/runtime/kafka_range_reader.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "processors/runtime/kafka_offsets.h"

namespace peakend::runtime {
namespace {

using Range = KafkaRangeReader::Range;

absl::StatusOr<std::vector<Range>> FindRanges(KafkaOffsets& offsets, const std::string& topic,
                                              int32_t partitions, absl::Time from, absl::Time until,
                                              absl::Duration limit) {
  std::vector<int32_t> all(static_cast<size_t>(partitions));
  std::iota(all.begin(), all.end(), 0);
  const auto first = offsets.Ask(topic, all, KafkaEdge::kFirst, limit);
  if (!first.ok()) return first.status();
  const auto stable = offsets.Ask(topic, all, KafkaEdge::kBehindLast, limit);
  if (!stable.ok()) return stable.status();
  const auto begins = offsets.AskAt(topic, all, from, limit);
  if (!begins.ok()) return begins.status();
  const auto ends = offsets.AskAt(topic, all, until, limit);
  if (!ends.ok()) return ends.status();
  std::vector<Range> ranges;
  for (const int32_t partition : all) {
    Range& range = ranges.emplace_back();
    const int64_t last = stable->at(partition);
    const auto or_last = [&](const std::map<int32_t, int64_t>& found) {
      const auto it = found.find(partition);
      return it == found.end() ? last : std::min(last, it->second);
    };
    range.first = first->at(partition);
    range.begin = std::max(range.first, or_last(*begins));
    range.end = std::max(range.begin, or_last(*ends));
    range.position = range.begin;
  }
  return ranges;
}

}  // namespace

absl::StatusOr<std::unique_ptr<KafkaRangeReader>> KafkaRangeReader::Open(
    const v1::Config& config, const std::string& topic, absl::Time from, absl::Time until,
    const KafkaLog& log, absl::Duration limit) {
  std::unique_ptr<KafkaRangeReader> range_reader(new KafkaRangeReader());
  const auto offsets = KafkaOffsets::OpenCommitted(config, log);
  if (!offsets.ok()) return offsets.status();
  const auto starts = [&](int32_t partitions) -> absl::StatusOr<std::vector<int64_t>> {
    auto ranges = FindRanges(**offsets, topic, partitions, from, until, limit);
    if (!ranges.ok()) return ranges.status();
    range_reader->ranges_ = *std::move(ranges);
    std::vector<int64_t> begins;
    for (const Range& range : range_reader->ranges_) begins.push_back(range.begin);
    return begins;
  };
  auto reader = KafkaReader::OpenAt(config, topic, starts, log, limit);
  if (!reader.ok()) return reader.status();
  range_reader->reader_ = *std::move(reader);
  for (size_t i = 0; i < range_reader->ranges_.size(); ++i) {
    if (range_reader->ranges_[i].done()) range_reader->reader_->Pause(static_cast<int32_t>(i));
  }
  return range_reader;
}

absl::StatusOr<std::vector<StoredRecord>> KafkaRangeReader::Read(absl::Duration wait,
                                                                 size_t max_records) {
  auto records = reader_->Read(wait, max_records);
  if (!records.ok()) return records;
  std::erase_if(*records, [&](const StoredRecord& record) {
    Range& range = ranges_[static_cast<size_t>(record.partition)];
    if (range.done()) return true;
    if (range.first_time_ms == 0) range.first_time_ms = record.timestamp_ms;
    const bool beyond = record.offset >= range.end;
    range.position = std::min(range.end, record.offset + 1);
    if (range.done()) reader_->Pause(record.partition);
    return beyond;
  });
  // What stands before the end may be marks of transactions, which are no records.
  for (size_t i = 0; i < ranges_.size(); ++i) {
    if (reader_->at_end(static_cast<int32_t>(i))) ranges_[i].position = ranges_[i].end;
  }
  return records;
}

bool KafkaRangeReader::done() const {
  return std::all_of(ranges_.begin(), ranges_.end(),
                     [](const Range& range) { return range.done(); });
}

double KafkaRangeReader::ShareDone() const {
  int64_t all = 0;
  int64_t read = 0;
  for (const Range& range : ranges_) {
    all += range.end - range.begin;
    read += range.position - range.begin;
  }
  return all == 0 ? 1 : static_cast<double>(read) / static_cast<double>(all);
}

}  // namespace peakend::runtime
