#include "processors/cli/kafka_replay.h"

#include <algorithm>
#include <memory>
#include <ostream>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "peakend/v1/interaction_event.pb.h"
#include "processors/cli/kafka_talk.h"
#include "processors/cli/memory_pipeline.h"
#include "processors/cli/replay_progress.h"
#include "processors/cli/run_settings.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/kafka_range_reader.h"

namespace peakend::cli {
namespace {

using Pipelines = std::vector<std::unique_ptr<MemoryPipeline>>;
using runtime::KafkaRangeReader;
using runtime::StoredRecord;

constexpr absl::Duration kWait = absl::Milliseconds(100);
// Without a record and without an end.
constexpr absl::Duration kPatience = absl::Minutes(1);
constexpr size_t kBatch = 1000;

Pipelines PipelinesFor(const v1::Config& config, const std::vector<PolicyRun>& runs,
                       int32_t partitions, absl::Time until) {
  MemoryPipelineOptions options;
  options.input_topic = publish::InputTopicName(config.topics());
  options.partitions = partitions;
  options.now_ms = absl::ToUnixMillis(until);
  options.limits = IngestLimits(config);
  options.keeps_policy = true;
  Pipelines pipelines;
  for (const PolicyRun& run : runs) {
    pipelines.push_back(
        std::make_unique<MemoryPipeline>(options, run.policy, run.topics, run.take));
  }
  return pipelines;
}

bool ToldByCustomers(const StoredRecord& record, v1::InteractionEvent& event) {
  if (!record.value || !event.ParseFromString(*record.value)) return false;
  return event.control().has_identity() && !event.control().identity().has_unmerge();
}

// Feeds records to engines.
class Feed {
 public:
  explicit Feed(Pipelines& pipelines)
      : pipelines_(pipelines),
        links_(std::any_of(pipelines.begin(), pipelines.end(),
                           [](const auto& pipeline) { return pipeline->links(); })) {}

  absl::Status Take(const StoredRecord& record) {
    if (links_ && ToldByCustomers(record, event_)) return absl::OkStatus();
    ++records_;
    for (const auto& pipeline : pipelines_) {
      runtime::MemoryLog::Record copy;
      copy.offset = record.offset;
      copy.timestamp_ms = record.timestamp_ms;
      copy.key = record.key;
      copy.value = record.value;
      copy.headers = record.headers;
      pipeline->Append(record.partition, std::move(copy));
      if (absl::Status status = pipeline->Advance(); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
  int64_t records() const { return records_; }

 private:
  Pipelines& pipelines_;
  const bool links_;
  v1::InteractionEvent event_;
  int64_t records_ = 0;
};

absl::Status ReadAll(KafkaRangeReader& reader, Pipelines& pipelines, Invocation& call) {
  Feed feed(pipelines);
  ReplayProgress progress(call);
  absl::Time heard_at = absl::Now();
  while (!reader.done()) {
    const auto records = reader.Read(kWait, kBatch);
    const absl::Time now = absl::Now();
    if (!records.ok() && !absl::IsUnavailable(records.status())) return records.status();
    if (!records.ok()) *call.err << "error: " << records.status().message() << std::endl;
    if (records.ok() && !records->empty()) heard_at = now;
    if (now - heard_at > kPatience) {
      return absl::UnavailableError("the input topic gives no records any more");
    }
    if (!records.ok()) continue;
    for (const StoredRecord& record : *records) {
      if (absl::Status status = feed.Take(record); !status.ok()) return status;
    }
    progress.Show(feed.records(), reader.ShareDone(), now);
  }
  for (const auto& pipeline : pipelines) {
    if (absl::Status status = pipeline->Finish(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

std::optional<v1::InputLoss> LossOf(const std::vector<KafkaRangeReader::Range>& ranges) {
  v1::InputLoss lost;
  for (const KafkaRangeReader::Range& range : ranges) {
    if (!range.cut()) continue;
    lost.set_partitions(lost.partitions() + 1);
    lost.set_records_at_most(lost.records_at_most() + range.first);
    if (range.first_time_ms > 0) {
      lost.set_complete_from_ms(std::max(lost.complete_from_ms(), range.first_time_ms));
    }
  }
  if (lost.partitions() == 0) return std::nullopt;
  return lost;
}

}  // namespace

KafkaReplayed ReplayKafka(const v1::Config& config, const std::vector<PolicyRun>& runs,
                          absl::Time from, absl::Time until, Invocation& call) {
  KafkaReplayed result;
  const auto reader = KafkaRangeReader::Open(config, publish::InputTopicName(config.topics()), from,
                                             until, KafkaTalk(call), kClusterLimit);
  if (!reader.ok()) {
    result.replayed.code = ReportKafkaError(reader.status(), call);
    return result;
  }
  Pipelines pipelines =
      PipelinesFor(config, runs, static_cast<int32_t>((*reader)->ranges().size()), until);
  if (const absl::Status status = ReadAll(**reader, pipelines, call); !status.ok()) {
    result.replayed.code = ReportKafkaError(status, call);
    return result;
  }
  result.lost = LossOf((*reader)->ranges());
  result.replayed.complete = true;
  for (const auto& pipeline : pipelines) result.replayed.stats.push_back(pipeline->stats());
  return result;
}

}  // namespace peakend::cli
