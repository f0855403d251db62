#include "processors/cli/topic_pass.h"

#include <numeric>
#include <ostream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "processors/cli/kafka_talk.h"
#include "processors/cli/replay_progress.h"
#include "processors/runtime/kafka_offsets.h"

namespace peakend::cli {
namespace {

constexpr absl::Duration kPassWait = absl::Milliseconds(200);
constexpr size_t kPassBatch = 2'000;
constexpr absl::Duration kPassPatience = absl::Seconds(60);

runtime::InputRecord ViewOf(const runtime::StoredRecord& stored) {
  runtime::InputRecord record;
  record.partition = stored.partition;
  record.offset = stored.offset;
  record.timestamp_ms = stored.timestamp_ms;
  record.has_key = stored.key.has_value();
  record.has_value = stored.value.has_value();
  if (stored.key) record.key = *stored.key;
  if (stored.value) record.value = *stored.value;
  return record;
}

}  // namespace

absl::StatusOr<std::unique_ptr<TopicPass>> TopicPass::Open(const v1::Config& config,
                                                           std::string topic,
                                                           std::function<bool()> stop,
                                                           Invocation& call) {
  std::unique_ptr<TopicPass> pass(new TopicPass(std::move(topic), std::move(stop), call));
  auto reader =
      runtime::KafkaRangeReader::Open(config, pass->topic_, absl::UnixEpoch(),
                                      absl::InfiniteFuture(), KafkaTalk(call), kClusterLimit);
  if (!reader.ok()) return reader.status();
  pass->reader_ = *std::move(reader);
  return pass;
}

absl::Status TopicPass::Read(const Take& take) {
  ReplayProgress progress(call_);
  int64_t read = 0;
  absl::Time heard_at = absl::Now();
  while (!reader_->done()) {
    if (stop_()) return absl::CancelledError("interrupted");
    const auto records = reader_->Read(kPassWait, kPassBatch);
    const absl::Time now = absl::Now();
    if (!records.ok() && !absl::IsUnavailable(records.status())) return records.status();
    if (!records.ok()) *call_.err << "error: " << records.status().message() << std::endl;
    if (records.ok() && !records->empty()) heard_at = now;
    if (now - heard_at > kPassPatience) {
      return absl::UnavailableError(absl::StrCat("topic ", topic_, " gives no records any more"));
    }
    if (!records.ok()) continue;
    for (const runtime::StoredRecord& record : *records) {
      if (absl::Status status = take(ViewOf(record)); !status.ok()) return status;
    }
    read += static_cast<int64_t>(records->size());
    progress.Show(read, reader_->ShareDone(), now);
  }
  return absl::OkStatus();
}

absl::StatusOr<runtime::Positions> TopicPass::AskFirst(const v1::Config& config) const {
  auto offsets = runtime::KafkaOffsets::OpenCommitted(config, KafkaTalk(call_));
  if (!offsets.ok()) return offsets.status();
  std::vector<int32_t> partitions(reader_->ranges().size());
  std::iota(partitions.begin(), partitions.end(), 0);
  const auto first = (*offsets)->Ask(topic_, partitions, runtime::KafkaEdge::kFirst, kClusterLimit);
  if (!first.ok()) return first.status();
  runtime::Positions positions;
  for (const auto& [partition, offset] : *first) positions[partition] = offset;
  return positions;
}

}  // namespace peakend::cli
