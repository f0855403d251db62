#include "benchmarks/copy_through.h"

#include <algorithm>
#include <csignal>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "processors/runtime/kafka_waist.h"

namespace peakend::benchmarks {
namespace {

volatile std::sig_atomic_t g_stop = 0;

class Copier : public runtime::PartitionListener {
 public:
  Copier(const v1::Config& config, CopyTo to, runtime::KafkaWaist& waist)
      : interval_(absl::Seconds(config.worker().commit_interval().seconds()) +
                  absl::Nanoseconds(config.worker().commit_interval().nanos())),
        records_(config.worker().batch_records()),
        to_(to),
        waist_(waist) {}

  absl::Status Run() {
    absl::Status status = waist_.sink().Commit({});
    absl::Time last = absl::Now();
    while (g_stop == 0 && (status.ok() || absl::IsUnavailable(status))) {
      status = Turn();
      if (!status.ok() || absl::Now() - last < interval_) continue;
      if (to_ == CopyTo::kEngineTopics) status = AppendBesides();
      if (status.ok()) status = waist_.sink().Commit(positions_);
      last = absl::Now();
    }
    return absl::IsUnavailable(status) ? absl::OkStatus() : status;
  }

  std::vector<int64_t> OnAssigned(absl::Span<const int32_t> partitions) override {
    return std::vector<int64_t>(partitions.size(), runtime::kBeginning);
  }
  void OnRevoked(absl::Span<const int32_t> partitions, bool /*lost*/) override {
    for (const int32_t partition : partitions) positions_.erase(partition);
    waist_.sink().Forget(partitions);
  }

 private:
  absl::Status Turn() {
    const auto records = waist_.source().Poll(absl::Milliseconds(5), records_);
    if (!records.ok()) return records.status();
    outputs_.Clear();
    for (const runtime::InputRecord& record : *records) {
      outputs_.Append(publish::Topic::kMoments, record.partition,
                      absl::StrCat(record.partition, "/", record.offset), record.value);
      positions_[record.partition] = record.offset + 1;
    }
    return waist_.sink().Append(outputs_);
  }

  absl::Status AppendBesides() {
    outputs_.Clear();
    for (const auto& [partition, position] : positions_) {
      for (const publish::Topic topic :
           {publish::Topic::kAlerts, publish::Topic::kJourneys, publish::Topic::kState}) {
        outputs_.Append(topic, partition, "beside", "a record of the same transaction");
      }
    }
    return waist_.sink().Append(outputs_);
  }

  const absl::Duration interval_;
  const size_t records_;
  const CopyTo to_;
  runtime::KafkaWaist& waist_;
  runtime::Positions positions_;
  publish::OutputBatch outputs_;
};

}  // namespace

absl::Status CopyThrough(const v1::Config& config, CopyTo to) {
  std::signal(SIGTERM, [](int) { g_stop = 1; });
  auto waist = runtime::KafkaWaist::Open(config, [](std::string_view) { return nullptr; });
  if (!waist.ok()) return waist.status();
  Copier copier(config, to, **waist);
  absl::Status status = (*waist)->source().Subscribe(&copier);
  if (status.ok()) status = copier.Run();
  return status;
}

}  // namespace peakend::benchmarks
