#include "processors/cli/explain_topics.h"

#include <algorithm>
#include <memory>
#include <ostream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "processors/cli/explain_lookup.h"
#include "processors/cli/explain_replay.h"
#include "processors/cli/kafka_talk.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/kafka_reader.h"

namespace peakend::cli {
namespace {

constexpr absl::Duration kWait = absl::Milliseconds(100);
constexpr size_t kBatch = 500;
constexpr int64_t kToldEvery = 100'000;

// Hands all records of a topic to `take`.
template <typename Take>
absl::Status ReadTopic(const v1::Config& config, publish::Topic topic, Invocation& call,
                       Take take) {
  const std::string name = publish::TopicName(config.topics(), topic);
  auto reader =
      runtime::KafkaReader::Open(config, name, runtime::kBeginning, KafkaTalk(call), kClusterLimit);
  if (!reader.ok()) return reader.status();
  while (!(*reader)->at_end()) {
    const auto records = (*reader)->Read(kWait, kBatch);
    if (!records.ok()) return records.status();
    for (const runtime::StoredRecord& record : *records) {
      if (record.value) take(*record.value);
    }
  }
  return absl::OkStatus();
}

absl::Status ReadRowsOf(const v1::Config& config, RowLookup& lookup, Invocation& call) {
  v1::Journey journey;
  absl::Status status =
      ReadTopic(config, publish::Topic::kJourneys, call, [&](const std::string& value) {
        if (journey.ParseFromString(value)) lookup.Take(publish::Topic::kJourneys, journey);
      });
  if (!status.ok()) return status;
  v1::Alert alert;
  return ReadTopic(config, publish::Topic::kAlerts, call, [&](const std::string& value) {
    if (alert.ParseFromString(value)) lookup.Take(publish::Topic::kAlerts, alert);
  });
}

// The last record that counts for the newest rows of `subject`.
v1::SourceCoordinates SourceOf(const ExplainSubject& subject) {
  v1::SourceCoordinates source;
  if (subject.journey) source = subject.journey->source();
  if (!subject.alert) return source;
  const int64_t offset = std::max(source.offset(), subject.alert->source().offset());
  source = subject.alert->source();
  source.set_offset(offset);
  return source;
}

// The records of one partition as events, through offset `last`.
class PartitionEvents {
 public:
  PartitionEvents(runtime::KafkaReader& reader, int64_t last, Invocation& call)
      : reader_(reader), last_(last), call_(call) {}

  absl::StatusOr<std::optional<EventRecord>> Next() {
    while (at_ == records_.size()) {
      if (done_ || reader_.at_end()) return std::nullopt;
      auto records = reader_.Read(kWait, kBatch);
      if (!records.ok()) return records.status();
      records_ = *std::move(records);
      at_ = 0;
      Tell();
    }
    const runtime::StoredRecord& record = records_[at_++];
    if (record.offset > last_) {
      done_ = true;
      at_ = records_.size();
      return std::nullopt;
    }
    done_ = record.offset == last_;
    if (!first_) first_ = record.offset;
    EventRecord event;
    event.key = record.key;
    if (record.value) event.value = *record.value;
    event.timestamp_ms = record.timestamp_ms;
    event.offset = record.offset;
    return event;
  }

  // Offset of the record that came first; nothing without one.
  std::optional<int64_t> first() const { return first_; }

 private:
  // On a terminal only.
  void Tell() {
    read_ += static_cast<int64_t>(records_.size());
    if (!call_.color_err || call_.quiet || read_ < told_ + kToldEvery) return;
    told_ = read_;
    *call_.err << read_ << " records read\n" << std::flush;
  }

  runtime::KafkaReader& reader_;
  const int64_t last_;
  Invocation& call_;
  std::vector<runtime::StoredRecord> records_;
  size_t at_ = 0;
  bool done_ = false;
  std::optional<int64_t> first_;
  int64_t read_ = 0;
  int64_t told_ = 0;
};

absl::StatusOr<std::unique_ptr<runtime::KafkaReader>> OpenInput(const RunSettings& settings,
                                                                int32_t partition,
                                                                std::optional<int64_t> since_ms,
                                                                Invocation& call) {
  const std::string topic = publish::InputTopicName(settings.config().topics());
  const auto open = [&](int64_t start) {
    return runtime::KafkaReader::OpenPartition(settings.config(), topic, partition, start,
                                               KafkaTalk(call), kClusterLimit);
  };
  auto reader = open(since_ms ? runtime::kEnd : runtime::kBeginning);
  if (!reader.ok() || !since_ms) return reader;
  const absl::StatusOr<int64_t> start =
      (*reader)->OffsetAt(topic, partition, *since_ms, kClusterLimit);
  if (!start.ok()) return start.status();
  return open(*start);
}

FileRunOptions OptionsFor(const RunSettings& settings) {
  FileRunOptions options;
  options.input_name = publish::InputTopicName(settings.config().topics());
  options.now_ms = absl::ToUnixMillis(absl::Now());
  options.limits = IngestLimits(settings.config());
  options.topics = settings.config().topics();
  options.closes_at_end = false;
  return options;
}

}  // namespace

absl::StatusOr<v1::Explanation> ExplainFromTopics(const std::string& asked,
                                                  const RunSettings& settings,
                                                  std::optional<int64_t> since_ms,
                                                  Invocation& call) {
  if (settings.policy.identities) {
    return absl::FailedPreconditionError(
        "the policy links customers, whose events are in several partitions: put the input into a "
        "file and use --input");
  }
  const absl::StatusOr<ExplainSubject> subject = FindSubject(
      asked, [&](RowLookup& lookup) { return ReadRowsOf(settings.config(), lookup, call); });
  if (!subject.ok()) return subject.status();
  const v1::SourceCoordinates source = SourceOf(*subject);
  auto reader = OpenInput(settings, source.partition(), since_ms, call);
  if (!reader.ok()) return reader.status();
  PartitionEvents events(**reader, source.offset(), call);
  ExplainReplay replay(*subject);
  // What was rejected there is told of in its own topic.
  std::ostream nobody(nullptr);
  FileRun run(OptionsFor(settings), {{settings.policy, replay.Outputs()}}, nobody);
  run.Follow(replay.Followed());
  const auto summary = run.Run([&events] { return events.Next(); });
  if (!summary.ok()) return summary.status();
  absl::StatusOr<v1::Explanation> told = replay.Tell();
  const int64_t first = events.first().value_or(source.offset() + 1);
  if (told.ok() && first > 0) told->set_input_begins_at_offset(first);
  if (absl::IsNotFound(told.status()) && first > 0) {
    return absl::NotFoundError(absl::StrCat(told.status().message(), "; nothing before offset ",
                                            first, " of partition ", source.partition(),
                                            " was read"));
  }
  return told;
}

}  // namespace peakend::cli
