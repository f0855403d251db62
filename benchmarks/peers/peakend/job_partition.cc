#include "benchmarks/peers/peakend/job_partition.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "processors/journey/identifier.h"
#include "processors/runtime/source.h"

namespace peakend::peer_job {

using publish::Topic;

absl::Status JobPartition::Restore(const runtime::ChangelogRecord& record) {
  if (record.key == kProgressKey) {
    restored_ = ReadProgress(record.value);
    if (restored_) return absl::OkStatus();
  } else if (const std::optional<CustomerRecord> read = ReadCustomer(record.value)) {
    Customer& customer = customers_.FindOrCreate(journey::Hash64(record.key), record.key);
    customer.applied = read->applied;
    customer.journey = read->journey;
    return absl::OkStatus();
  }
  return absl::DataLossError(absl::StrCat(
      "partition ", id_, " of the state: no record of ours at offset ", record.offset));
}

absl::StatusOr<int64_t> JobPartition::Resume(int64_t committed) {
  if (restored_ && committed != restored_->committed) {
    return absl::DataLossError(absl::StrCat("partition ", id_, ": the group committed ", committed,
                                            ", the state says ", restored_->committed));
  }
  committed_ = std::max<int64_t>(committed, 0);
  if (!restored_) return runtime::kBeginning;
  next_ = restored_->low_water_mark;
  return next_;
}

bool JobPartition::Process(int64_t offset, const JobEvent& event, Customer& customer,
                           publish::OutputBatch& outputs) {
  if (offset < next_) return false;
  const bool replay = offset < committed_;
  next_ = offset + 1;
  if (offset <= customer.applied) return false;
  unwritten_.Touch(customer, offset);
  Journey& journey = customer.journey;
  if (IsOver(journey, event.occurred_ms)) {
    if (!replay) {
      AppendJourney(event.customer, journey, outputs.Open(Topic::kJourneys, id_, event.customer));
    }
    journey = {};
  }
  if (Take(event.occurred_ms, event.valence_milli, journey) && !replay) {
    AppendAlert(event, journey, outputs.Open(Topic::kAlerts, id_, event.customer));
  }
  return !replay;
}

void JobPartition::WriteState(absl::Time at, const runtime::CheckpointOptions& options,
                              publish::OutputBatch& outputs) {
  const int64_t due_before = unwritten_.DueBefore(next_, at, options);
  while (const Customer* customer = unwritten_.TakeOldest(due_before)) {
    AppendCustomer({next_ - 1, customer->journey},
                   outputs.Open(Topic::kState, id_, customer->key()));
  }
  AppendProgress({next_, unwritten_.LowWaterMark(next_)},
                 outputs.Open(Topic::kState, id_, kProgressKey));
  written_ = next_;
}

}  // namespace peakend::peer_job
