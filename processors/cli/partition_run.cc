#include "processors/cli/partition_run.h"

#include <utility>

#include "peakend/v1/alert.pb.h"
#include "peakend/v1/journey.pb.h"
#include "processors/runtime/source.h"

namespace peakend::cli {
namespace {

template <typename Row>
void HandOver(const publish::Output& output, const TakeOutput& take) {
  Row row;
  row.ParseFromArray(output.value.data(), static_cast<int>(output.value.size()));
  take(output.topic, output.key, row);
}

}  // namespace

PartitionRun::PartitionRun(const PartitionRunOptions& options, const publish::Policy& policy,
                           TakeOutput take)
    : id_(options.partition),
      take_(std::move(take)),
      decoder_(options.limits),
      partition_(options.partition, options.input_topic, policy, runtime::Durability::kNone,
                 options.partitions) {}

void PartitionRun::Process(const runtime::StoredRecord& record) {
  runtime::InputRecord input;
  input.partition = id_;
  input.offset = record.offset;
  input.timestamp_ms = record.timestamp_ms;
  input.has_key = record.key.has_value();
  input.has_value = record.value.has_value();
  if (record.key) input.key = *record.key;
  if (record.value) input.value = *record.value;
  outputs_.Clear();
  partition_.Process(input, decoder_, outputs_, stats_);
  next_offset_ = record.offset + 1;
  for (size_t i = 0; i < outputs_.size(); ++i) {
    const publish::Output output = outputs_[i];
    if (output.topic == publish::Topic::kJourneys) HandOver<v1::Journey>(output, take_);
    if (output.topic == publish::Topic::kAlerts) HandOver<v1::Alert>(output, take_);
  }
}

std::optional<runtime::CommittedRecord> PartitionRun::Describe(std::string_view key) {
  std::optional<std::string> value = partition_.RecordOf(key, next_offset_);
  if (!value) return std::nullopt;
  return runtime::CommittedRecord{id_, next_offset_, *std::move(value), policy()};
}

}  // namespace peakend::cli
