#include "processors/runtime/changelog_census.h"

#include "peakend/v1/progress_record.pb.h"
#include "processors/journey/baseline_board.h"
#include "processors/journey/identifier.h"
#include "processors/publish/customer_inspection.h"
#include "processors/publish/statistics_board.h"
#include "processors/runtime/checkpoint.h"
#include "processors/runtime/policy_board.h"

namespace peakend::runtime {

void ChangelogCensus::Take(const ChangelogRecord& record) {
  const auto bytes = static_cast<int64_t>(record.key.size() + record.value.size());
  result_.set_records(result_.records() + 1);
  result_.set_record_bytes(result_.record_bytes() + bytes);
  if (record.key.starts_with(publish::StatisticsBoard::kKeyPrefix)) {
    return Keep(record, Kind::kStatistics, bytes);
  }
  if (record.key.starts_with(PolicyBoard::kKeyPrefix)) return Keep(record, Kind::kPolicy, bytes);
  if (record.key.starts_with(journey::BaselineBoard::kKeyPrefix)) {
    return Keep(record, Kind::kBaseline, bytes);
  }
  if (record.key != kProgressKey) return TakeCustomer(record, bytes);
  v1::ProgressRecord progress;
  if (!record.has_value ||
      !progress.ParseFromArray(record.value.data(), static_cast<int>(record.value.size()))) {
    result_.set_damaged(result_.damaged() + 1);
    return;
  }
  progress_bytes_ = bytes;
  *result_.mutable_progress() = publish::InspectProgress(progress);
}

void ChangelogCensus::Keep(const ChangelogRecord& record, Kind kind, int64_t bytes) {
  const uint64_t key = journey::Hash64(record.key);
  if (record.has_value) {
    live_[key] = {kind, bytes};
  } else {
    live_.erase(key);
  }
}

void ChangelogCensus::TakeCustomer(const ChangelogRecord& record, int64_t bytes) {
  const uint64_t key = journey::Hash64(record.key);
  if (!record.has_value) {
    live_.erase(key);
    return;
  }
  if (!customer_.ParseFromArray(record.value.data(), static_cast<int>(record.value.size()))) {
    result_.set_damaged(result_.damaged() + 1);
    return;
  }
  const Kind kind = customer_.gone()       ? Kind::kStub
                    : customer_.has_open() ? Kind::kOpen
                                           : Kind::kIdle;
  live_[key] = {kind, bytes};
}

v1::PartitionInspection ChangelogCensus::Result() const {
  v1::PartitionInspection result = result_;
  int64_t bytes = progress_bytes_;
  for (const auto& [key, live] : live_) {
    bytes += live.bytes;
    if (live.kind == Kind::kOpen) result.set_open(result.open() + 1);
    if (live.kind == Kind::kIdle) result.set_idle(result.idle() + 1);
    if (live.kind == Kind::kStatistics) result.set_statistics(result.statistics() + 1);
    if (live.kind == Kind::kStub) result.set_stubs(result.stubs() + 1);
  }
  result.set_live_bytes(bytes);
  return result;
}

}  // namespace peakend::runtime
