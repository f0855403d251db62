#include "processors/publish/statistics_board.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "processors/journey/identifier.h"
#include "processors/journey/partition_clock.h"
#include "processors/publish/channel_name.h"
#include "processors/publish/revision.h"

namespace peakend::publish {
namespace {

using journey::PartitionClock;
using moments::ContactSample;

// What cells are told apart by.
v1::TouchpointStatistics HeadOf(const ContactSample& sample, int32_t partition,
                                const Policy& policy) {
  const int64_t window_ms = policy.windows.statistics_window_ms;
  v1::TouchpointStatistics row;
  row.set_partition(partition);
  row.set_window_start_ms(sample.settled_at_ms - sample.settled_at_ms % window_ms);
  row.set_window_end_ms(row.window_start_ms() + window_ms);
  row.set_tenant_id(sample.tenant_id);
  row.set_queue_id(sample.queue_id);
  row.set_touchpoint_id(sample.touchpoint_id);
  const auto stage = policy.stages.find(sample.touchpoint_id);
  if (stage != policy.stages.end()) row.set_stage(stage->second);
  row.set_channel(ChannelName(sample.channel));
  row.set_hour(sample.hour);
  row.set_policy_version(policy.stamp);
  return row;
}

v1::TouchpointStatistics OthersOf(const v1::TouchpointStatistics& head) {
  v1::TouchpointStatistics row;
  row.set_partition(head.partition());
  row.set_window_start_ms(head.window_start_ms());
  row.set_window_end_ms(head.window_end_ms());
  row.set_tenant_id(head.tenant_id());
  row.set_others(true);
  row.set_policy_version(head.policy_version());
  return row;
}

std::string IdOf(const v1::TouchpointStatistics& head) {
  return journey::ToHex(journey::MakeIdentifier(
      {"statistics", std::to_string(head.partition()), std::to_string(head.window_start_ms()),
       std::to_string(head.window_end_ms()), head.tenant_id(), head.queue_id(),
       head.touchpoint_id(), head.channel(), std::to_string(head.hour()),
       head.others() ? "others" : ""}));
}

std::string KeyOf(const std::string& row_id) {
  return absl::StrCat(std::string(StatisticsBoard::kKeyPrefix), row_id);
}

}  // namespace

StatisticsBoard::Cell& StatisticsBoard::CellOf(const ContactSample& sample) {
  v1::TouchpointStatistics head = HeadOf(sample, partition_, *policy_);
  Place place{head.window_end_ms(), IdOf(head)};
  auto cell = cells_.find(place);
  if (cell == cells_.end() && cells_.size() >= kMostCells) {
    head = OthersOf(head);
    place.second = IdOf(head);
    cell = cells_.find(place);
  }
  if (cell == cells_.end()) {
    head.set_row_id(place.second);
    ends_[place.second] = place.first;
    cell = cells_.emplace(place, Cell{std::move(head), {}}).first;
  }
  unwritten_.insert(std::move(place));
  return cell->second;
}

void StatisticsBoard::Add(const ContactSample& sample) {
  Cell& cell = CellOf(sample);
  v1::TouchpointStatistics& row = cell.row;
  row.set_contacts(row.contacts() + 1);
  if (sample.negative_peak) row.set_negative_peaks(row.negative_peaks() + 1);
  if (sample.positive_peak) row.set_positive_peaks(row.positive_peaks() + 1);
  if (sample.left) row.set_left(row.left() + 1);
  if (sample.wait_met) row.set_waits(row.waits() + 1);
  if (sample.wait_met.value_or(false)) row.set_waits_met(row.waits_met() + 1);
  row.set_gaps(row.gaps() + sample.gaps);
  row.set_gap_sum(row.gap_sum() + sample.gap_sum);
  if (sample.score) {
    row.set_scored(row.scored() + 1);
    row.set_score_sum(row.score_sum() + *sample.score);
    if (sample.ended_above_mean) row.set_ended_above_mean(row.ended_above_mean() + 1);
  }
  if (sample.answered_after_ms) cell.answered_after.Add(*sample.answered_after_ms);
}

int64_t StatisticsBoard::NextCloseMs() const {
  return cells_.empty() ? PartitionClock::kEndOfTime : cells_.begin()->first.first;
}

v1::TouchpointStatistics StatisticsBoard::RowOf(const Cell& cell) const {
  v1::TouchpointStatistics row = cell.row;
  if (cell.answered_after.count() > 0) cell.answered_after.Save(row.mutable_answered_after());
  return row;
}

void StatisticsBoard::Close(int64_t watermark_ms, OutputBatch& outputs) {
  while (!cells_.empty() && cells_.begin()->first.first <= watermark_ms) {
    const auto cell = cells_.begin();
    AppendBytes(RowOf(cell->second),
                &outputs.Open(Topic::kStatistics, partition_, cell->first.second));
    unwritten_.insert(cell->first);
    ends_.erase(cell->first.second);
    cells_.erase(cell);
  }
}

void StatisticsBoard::WriteState(OutputBatch& outputs) {
  for (const Place& place : unwritten_) {
    const auto cell = cells_.find(place);
    const std::string key = KeyOf(place.second);
    if (cell == cells_.end()) {
      outputs.AppendTombstone(Topic::kState, partition_, key);
    } else {
      AppendBytes(RowOf(cell->second), &outputs.Open(Topic::kState, partition_, key));
    }
  }
  unwritten_.clear();
}

void StatisticsBoard::ForEach(
    const std::function<void(std::string_view key, std::string_view value)>& take) const {
  std::string value;
  for (const auto& [place, cell] : cells_) {
    value.clear();
    AppendBytes(RowOf(cell), &value);
    take(KeyOf(place.second), value);
  }
}

absl::Status StatisticsBoard::Restore(std::string_view key, std::string_view value,
                                      bool has_value) {
  const std::string_view row_id = key.substr(kKeyPrefix.size());
  if (const auto known = ends_.find(std::string(row_id)); known != ends_.end()) {
    cells_.erase({known->second, known->first});
    ends_.erase(known);
  }
  if (!has_value) return absl::OkStatus();
  Cell cell;
  if (!cell.row.ParseFromArray(value.data(), static_cast<int>(value.size())) ||
      cell.row.row_id() != row_id) {
    return absl::DataLossError("a record of the statistics is damaged");
  }
  absl::StatusOr<moments::WaitSketch> sketch =
      moments::WaitSketch::FromRecord(cell.row.answered_after());
  if (!sketch.ok()) return absl::DataLossError(sketch.status().message());
  cell.answered_after = *std::move(sketch);
  cell.row.clear_answered_after();
  Place place{cell.row.window_end_ms(), std::string(row_id)};
  ends_[place.second] = place.first;
  cells_.insert_or_assign(std::move(place), std::move(cell));
  return absl::OkStatus();
}

}  // namespace peakend::publish
