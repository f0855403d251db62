#include "processors/journey/baseline_board.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "processors/journey/identifier.h"

namespace peakend::journey {
namespace {

uint64_t PlaceOf(std::string_view tenant_id, std::string_view queue_id, int channel, int64_t hour) {
  constexpr uint64_t kOdd = 0x9e3779b97f4a7c15;
  const uint64_t names = Hash64(tenant_id) * kOdd + Hash64(queue_id);
  return names * kOdd + (static_cast<uint64_t>(channel) << 5) + static_cast<uint64_t>(hour);
}

std::string KeyOf(int64_t offset) {
  return absl::StrCat(std::string(BaselineBoard::kKeyPrefix), offset);
}

}  // namespace

void BaselineBoard::Post(const ingest::EventView& event, int64_t offset) {
  const auto known = posted_.find(offset);
  if (known == posted_.end()) {
    const auto current = posted_.find(current_offset_);
    if (current != posted_.end() && current->second.version() == event.baseline->version()) return;
    v1::Baseline& posted = posted_[offset];
    posted = *event.baseline;
    // What this version does not know has no bound.
    posted.DiscardUnknownFields();
    unwritten_.push_back(offset);
  }
  MakeCurrent(offset);
}

void BaselineBoard::MakeCurrent(int64_t offset) {
  current_offset_ = offset;
  current_.clear();
  for (const v1::Baseline::Cell& cell : posted_[offset].cells()) {
    current_[PlaceOf(cell.tenant_id(), cell.queue_id(), cell.channel(), cell.hour())] = {
        cell.wait_ms(), cell.waits()};
  }
}

std::optional<int64_t> BaselineBoard::WaitOf(const ingest::EventView& event, int64_t waits) const {
  constexpr int64_t kHourMs = 3'600'000;
  if (waits == 0 || event.queue_id.empty()) return std::nullopt;
  const auto found = current_.find(
      PlaceOf(event.tenant_id, event.queue_id, event.channel, event.occurred_at_ms / kHourMs % 24));
  if (found == current_.end() || found->second.waits < waits) return std::nullopt;
  return found->second.ms;
}

void BaselineBoard::Forget(int64_t low_water_mark) {
  // The newest before the mark still counts there.
  while (posted_.size() > 1 && std::next(posted_.begin())->first < low_water_mark) {
    unwritten_.push_back(posted_.begin()->first);
    posted_.erase(posted_.begin());
  }
}

std::vector<BaselineBoard::Record> BaselineBoard::TakeUnwritten() {
  std::vector<Record> records;
  for (const int64_t offset : unwritten_) {
    const auto posted = posted_.find(offset);
    records.push_back({KeyOf(offset), posted != posted_.end()
                                          ? std::optional(posted->second.SerializeAsString())
                                          : std::nullopt});
  }
  unwritten_.clear();
  return records;
}

std::vector<BaselineBoard::Record> BaselineBoard::Records() const {
  std::vector<Record> records;
  for (const auto& [offset, baseline] : posted_) {
    records.push_back({KeyOf(offset), baseline.SerializeAsString()});
  }
  return records;
}

absl::Status BaselineBoard::Restore(std::string_view key, std::string_view value, bool has_value) {
  int64_t offset = 0;
  const std::string_view number = key.substr(kKeyPrefix.size());
  if (!absl::SimpleAtoi({number.data(), number.size()}, &offset) || offset < 0) {
    return absl::DataLossError("the key of a baseline is damaged");
  }
  posted_.erase(offset);
  if (!has_value) return absl::OkStatus();
  if (!posted_[offset].ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return absl::DataLossError("a record of a baseline is damaged");
  }
  return absl::OkStatus();
}

void BaselineBoard::Resume(int64_t start) {
  const auto behind = posted_.lower_bound(start);
  if (behind != posted_.begin()) MakeCurrent(std::prev(behind)->first);
}

}  // namespace peakend::journey
