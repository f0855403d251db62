#include "tests/simulation/topic_log.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace peakend::simulation {

int64_t TopicLog::Append(SharedPayload payload, int64_t now_ms) {
  records_.push_back({end_, now_ms, kNoProducer, Kind::kData, false, 0, std::move(payload)});
  return end_++;
}

BrokerError TopicLog::AppendBatch(const Producer& producer, int64_t sequence,
                                  const std::vector<SharedPayload>& batch, int64_t now_ms) {
  Writer& writer = writers_[producer.id];
  if (producer.epoch < writer.epoch) return BrokerError::kFenced;
  if (producer.epoch > writer.epoch) writer = {producer.epoch, 0};
  if (sequence < writer.next_sequence) return BrokerError::kNone;
  if (sequence > writer.next_sequence) return BrokerError::kOutOfOrder;
  ++writer.next_sequence;
  open_.try_emplace(producer.id, end_);
  for (const SharedPayload& payload : batch) {
    records_.push_back({end_++, now_ms, producer.id, Kind::kData, false, 0, payload});
  }
  return BrokerError::kNone;
}

void TopicLog::WriteMarker(const Producer& producer, bool commit, int64_t now_ms) {
  Writer& writer = writers_[producer.id];
  if (producer.epoch > writer.epoch) writer = {producer.epoch, 0};
  if (const auto open = open_.find(producer.id); open != open_.end()) {
    for (auto it = records_.rbegin(); it != records_.rend() && it->offset >= open->second; ++it) {
      if (it->producer == producer.id && it->kind == Kind::kData) it->aborted = !commit;
    }
    open_.erase(open);
  }
  records_.push_back({end_++, now_ms, producer.id, Kind::kMarker, false, 0, nullptr});
}

int64_t TopicLog::LastStable() const {
  int64_t stable = end_;
  for (const auto& [producer, first] : open_) stable = std::min(stable, first);
  return stable;
}

const TopicLog::Record* TopicLog::NextCommitted(int64_t* position) const {
  const int64_t stable = LastStable();
  auto it =
      std::lower_bound(records_.begin(), records_.end(), *position,
                       [](const Record& record, int64_t wanted) { return record.offset < wanted; });
  for (; it != records_.end() && it->offset < stable; ++it) {
    if (it->kind != Kind::kData || it->aborted) continue;
    *position = it->offset + 1;
    return &*it;
  }
  *position = std::max(*position, stable);
  return nullptr;
}

void TopicLog::Compact(int64_t now_ms, int64_t tombstones_ms) {
  const int64_t stable = LastStable();
  std::unordered_map<std::string_view, int64_t> newest;
  for (const Record& record : records_) {
    if (record.offset >= stable) break;
    if (record.kind == Kind::kData && !record.aborted) newest[record.payload->key] = record.offset;
  }
  std::vector<Record> kept;
  for (Record& record : records_) {
    const bool settled = record.offset < stable;
    if (settled) {
      if (record.kind == Kind::kMarker || record.aborted) continue;
      if (newest[record.payload->key] != record.offset) continue;
      const bool tombstone = !record.payload->has_value;
      if (tombstone && record.drop_at_ms > 0 && now_ms >= record.drop_at_ms) continue;
      if (tombstone && record.drop_at_ms == 0) record.drop_at_ms = now_ms + tombstones_ms;
    }
    kept.push_back(record);
  }
  records_ = std::move(kept);
}

}  // namespace peakend::simulation
