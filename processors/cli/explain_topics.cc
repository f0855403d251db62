#include "processors/cli/explain_topics.h"

#include <memory>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "processors/cli/explain_lookup.h"
#include "processors/cli/explain_replay.h"
#include "processors/cli/input_stretch.h"
#include "processors/cli/kafka_talk.h"
#include "processors/cli/partition_run.h"
#include "processors/cli/stretch_reader.h"
#include "processors/publish/partitioner.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/kafka_reader.h"

namespace peakend::cli {
namespace {

// Hands all records of a topic to `take`.
template <typename Take>
absl::Status ReadTopic(const v1::Config& config, publish::Topic topic, Invocation& call,
                       Take take) {
  constexpr absl::Duration kWait = absl::Milliseconds(100);
  constexpr size_t kBatch = 500;
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

// One question to one cluster.
struct TopicsQuestion {
  const RunSettings& settings;
  std::optional<int64_t> since_ms;
  Invocation& call;

  const v1::Config& config() const { return settings.config(); }
  std::string input() const { return publish::InputTopicName(config().topics()); }
  absl::StatusOr<StretchReader> Open(const InputStretch& stretch) const {
    return StretchReader::Open(config(), stretch, since_ms, call);
  }
};

absl::StatusOr<int32_t> CountPartitions(const TopicsQuestion& question) {
  const auto reader =
      runtime::KafkaReader::OpenPartition(question.config(), question.input(), 0, runtime::kEnd,
                                          KafkaTalk(question.call), kClusterLimit);
  if (!reader.ok()) return reader.status();
  return (*reader)->partitions();
}

void Look(const runtime::StoredRecord& record, PartitionRun& run,
          const FollowedCustomer& customer) {
  const std::optional<runtime::CommittedRecord> state = run.Describe(customer.key);
  EventRecord event;
  event.key = record.key;
  if (record.value) event.value = *record.value;
  customer.look(event, state ? &*state : nullptr);
}

// Processes a stretch anew. Returns the offset with which it began.
absl::StatusOr<int64_t> Replay(const TopicsQuestion& question, const InputStretch& stretch,
                               ExplainReplay& replay) {
  absl::StatusOr<StretchReader> reader = question.Open(stretch);
  if (!reader.ok()) return reader.status();
  PartitionRun run(
      {question.input(), stretch.partition, reader->partitions(), IngestLimits(question.config())},
      question.settings.policy, replay.Outputs());
  const FollowedCustomer customer = replay.Followed();
  std::shared_ptr<const publish::Policy> policy;
  while (true) {
    const auto record = reader->Next();
    if (!record.ok()) return record.status();
    if (*record == nullptr) break;
    run.Process(**record);
    if (run.policy() != policy) replay.TakePolicy(policy = run.policy());
    if ((*record)->key == customer.key) Look(**record, run, customer);
  }
  return reader->first().value_or(stretch.last == InputStretch::kAll ? 0 : stretch.last + 1);
}

// Looks for the event from which the alert counts its time where it came to: with those who
// are looked at together with the customer, before they were.
absl::Status FindMissingEvent(const TopicsQuestion& question, int32_t partitions,
                              ExplainReplay& replay) {
  std::set<int32_t> places;
  for (const std::string& guest : replay.guests()) {
    places.insert(publish::PartitionFor(guest, partitions));
  }
  for (const int32_t partition : places) {
    if (replay.MissingEvent().empty()) break;
    absl::StatusOr<StretchReader> reader = question.Open({partition, InputStretch::kAll});
    if (!reader.ok()) return reader.status();
    while (!replay.MissingEvent().empty()) {
      const auto record = reader->Next();
      if (!record.ok()) return record.status();
      if (*record == nullptr) break;
      const bool guests = (*record)->key && replay.guests().contains(*(*record)->key);
      if (guests && (*record)->value) replay.TakeEvent(*(*record)->value);
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::Explanation> ExplainFromTopics(const std::string& asked,
                                                  const RunSettings& settings,
                                                  std::optional<int64_t> since_ms,
                                                  Invocation& call) {
  const TopicsQuestion question{settings, since_ms, call};
  const absl::StatusOr<ExplainSubject> subject = FindSubject(
      asked, [&](RowLookup& lookup) { return ReadRowsOf(settings.config(), lookup, call); });
  if (!subject.ok()) return subject.status();
  const absl::StatusOr<int32_t> partitions = CountPartitions(question);
  if (!partitions.ok()) return partitions.status();
  ExplainReplay replay(*subject);
  std::optional<InputStretch> cut;
  int64_t first = 0;
  for (const InputStretch& stretch : StretchesFor(*subject, *partitions)) {
    const absl::StatusOr<int64_t> began = Replay(question, stretch, replay);
    if (!began.ok()) return began.status();
    if (cut || *began == 0) continue;
    cut = stretch;
    first = *began;
  }
  if (absl::Status status = FindMissingEvent(question, *partitions, replay); !status.ok()) {
    return status;
  }
  absl::StatusOr<v1::Explanation> told = replay.Tell();
  if (told.ok() && cut) told->set_input_begins_at_offset(first);
  if (absl::IsNotFound(told.status()) && cut) {
    return absl::NotFoundError(absl::StrCat(told.status().message(), "; nothing before offset ",
                                            first, " of partition ", cut->partition, " was read"));
  }
  return told;
}

}  // namespace peakend::cli
