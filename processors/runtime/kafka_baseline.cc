#include "processors/runtime/kafka_baseline.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "peakend/v1/interaction_event.pb.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/kafka_control.h"

namespace peakend::runtime {

std::string BaselineRecord(const v1::Baseline& baseline) {
  v1::InteractionEvent event;
  event.set_source("peakend");
  event.set_event_id(absl::StrCat("baseline/", baseline.version()));
  *event.mutable_control()->mutable_baseline() = baseline;
  return event.SerializeAsString();
}

absl::StatusOr<std::unique_ptr<KafkaBaseline>> KafkaBaseline::Open(const v1::Config& config,
                                                                   KafkaLog log,
                                                                   absl::Duration limit) {
  auto reader =
      KafkaReader::Open(config, publish::TopicName(config.topics(), publish::Topic::kStatistics),
                        kBeginning, log, limit);
  if (!reader.ok()) return reader.status();
  std::unique_ptr<KafkaBaseline> baseline(new KafkaBaseline(config, std::move(log)));
  baseline->reader_ = *std::move(reader);
  return baseline;
}

absl::StatusOr<v1::Baseline> KafkaBaseline::Learn(absl::Time now,
                                                  const std::function<bool()>& stop) {
  constexpr absl::Duration kWait = absl::Milliseconds(200);
  constexpr size_t kMostRecords = 10'000;
  const absl::Time since = now - absl::Seconds(config_.baseline().window().seconds());
  v1::TouchpointStatistics row;
  for (;;) {
    if (stop()) return absl::CancelledError();
    const auto records = reader_->Read(kWait, kMostRecords);
    if (!records.ok()) return records.status();
    for (const StoredRecord& record : *records) {
      if (!record.value || !row.ParseFromString(*record.value)) continue;
      ++rows_;
      if (absl::FromUnixMillis(row.window_end_ms()) > since) merge_.Take(row);
    }
    if (records->empty() && reader_->at_end()) break;
  }
  merge_.Forget(absl::ToUnixMillis(since));
  return merge_.Result();
}

absl::StatusOr<int32_t> KafkaBaseline::Write(const v1::Baseline& baseline, absl::Duration limit) {
  return WriteToAllPartitions(config_, BaselineRecord(baseline), log_, limit);
}

}  // namespace peakend::runtime
