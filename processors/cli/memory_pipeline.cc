#include "processors/cli/memory_pipeline.h"

#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "peakend/v1/alert.pb.h"
#include "peakend/v1/interaction_event.pb.h"
#include "peakend/v1/journey.pb.h"
#include "peakend/v1/moment.pb.h"
#include "peakend/v1/opening_card.pb.h"
#include "peakend/v1/rejected_record.pb.h"
#include "peakend/v1/touchpoint_statistics.pb.h"
#include "processors/publish/rejected.h"

namespace peakend::cli {
namespace {

// Bounds the memory of the log.
constexpr int64_t kChunk = 4096;

runtime::WorkerOptions WorkerOptionsFor(const MemoryPipelineOptions& options) {
  runtime::WorkerOptions worker;
  worker.input_topic = options.input_topic;
  worker.input_partitions = options.partitions;
  worker.limits = options.limits;
  if (options.keeps_policy) worker.compile_policy = nullptr;
  worker.rows = options.rows;
  worker.commit_interval = absl::InfiniteDuration();
  worker.commit_records = static_cast<size_t>(kChunk);
  return worker;
}

}  // namespace

TopicSet OutputTopics() {
  TopicSet topics;
  topics.set();
  topics.reset(static_cast<size_t>(publish::Topic::kState));
  topics.reset(static_cast<size_t>(publish::Topic::kInput));
  return topics;
}

MemoryPipeline::MemoryPipeline(const MemoryPipelineOptions& options, const publish::Policy& policy,
                               TopicSet topics, TakeOutput take)
    : links_(policy.identities.has_value()),
      topics_(topics & OutputTopics()),
      take_(std::move(take)),
      rows_(options.rows),
      log_(options.partitions),
      reader_(log_, links_ ? runtime::ReadOrder::kArrival : runtime::ReadOrder::kRoundRobin),
      worker_(WorkerOptionsFor(options), policy, {reader_, log_, log_}, absl::Now, {}) {
  log_.SetAppendTime(options.now_ms);
  reader_.Listen(worker_);
}

void MemoryPipeline::Append(int32_t partition, runtime::MemoryLog::Record record) {
  // Records that customers write each other have no offset of the caller's.
  if (links_) record.offset = -1;
  log_.Append(partition, std::move(record));
}

absl::Status MemoryPipeline::Advance() {
  if (++waiting_ < (links_ ? 1 : kChunk)) return absl::OkStatus();
  return Drain();
}

absl::Status MemoryPipeline::Finish() {
  if (absl::Status status = Drain(); !status.ok()) return status;
  if (absl::Status status = worker_.Finish(); !status.ok()) return status;
  return Drain();
}

absl::Status MemoryPipeline::Drain() {
  waiting_ = 0;
  while (true) {
    const absl::StatusOr<size_t> records = worker_.RunOnce();
    if (!records.ok()) return records.status();
    for (const runtime::MemoryLog::Written& written : log_.TakeOutputs()) HandOver(written);
    if (*records == 0) break;
  }
  for (int32_t partition = 0; partition < log_.partitions(); ++partition) {
    if (!log_.input(partition).empty()) {
      log_.Trim(partition, log_.input(partition).back().offset + 1);
    }
  }
  return taken_ ? absl::OkStatus() : absl::InternalError("cannot write the output");
}

absl::StatusOr<runtime::CommittedRecord> MemoryPipeline::Describe(const std::string& key) {
  if (absl::Status status = worker_.Commit(); !status.ok()) return status;
  return worker_.Describe(key);
}

void MemoryPipeline::HandOver(const runtime::MemoryLog::Written& written) {
  if (!topics_.test(static_cast<size_t>(written.topic))) return;
  const auto take = [&](const google::protobuf::Message& message) {
    taken_ = taken_ && take_(written.topic, written.key, message);
  };
  const auto parse = [&](google::protobuf::Message&& message) {
    message.ParseFromString(written.value);
    take(message);
  };
  switch (written.topic) {
    case publish::Topic::kAlerts:
      return parse(v1::Alert());
    case publish::Topic::kMoments:
      return parse(v1::Moment());
    case publish::Topic::kJourneys:
      return parse(v1::Journey());
    case publish::Topic::kCards:
      return parse(v1::OpeningCard());
    case publish::Topic::kStatistics:
      return parse(v1::TouchpointStatistics());
    case publish::Topic::kLate:
      return parse(v1::InteractionEvent());
    case publish::Topic::kRejected:
      return take(publish::ReadRejected(written.key, written.value, written.headers));
    case publish::Topic::kState:
    case publish::Topic::kInput:
      return;
    default:
      break;
  }
  const publish::RowKind kind = publish::RowKindOf(written.topic);
  const std::unique_ptr<google::protobuf::Message> row(publish::RowPrototype(kind).New());
  if (rows_.framing(kind)->Read(written.value, row.get()).ok()) take(*row);
}

}  // namespace peakend::cli
