#include "processors/runtime/kafka_source.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "google/protobuf/util/time_util.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/kafka_record.h"
#include "processors/runtime/kafka_version.h"

namespace peakend::runtime {
namespace {

constexpr absl::Duration kCommitLimit = absl::Seconds(10);
constexpr absl::Duration kCommittedLimit = absl::Seconds(5);
constexpr absl::Duration kDefaultCloseLimit = absl::Seconds(10);
constexpr absl::Duration kProbeEvery = absl::Seconds(1);
constexpr absl::Duration kProbeLimit = absl::Milliseconds(100);
constexpr absl::Duration kAskEndsEvery = absl::Seconds(1);
constexpr absl::Duration kAskEndsLimit = absl::Milliseconds(250);
constexpr absl::Duration kEndIsOldAfter = absl::Seconds(3);
constexpr absl::Duration kWakeLimit = absl::Milliseconds(50);
constexpr absl::Duration kLogStartLimit = absl::Seconds(5);
constexpr int kWarning = 4;

absl::Duration CloseLimit(const v1::Config& config) {
  const int64_t ms =
      google::protobuf::util::TimeUtil::DurationToMilliseconds(config.shutdown().limit());
  return ms > 0 ? absl::Milliseconds(ms) : kDefaultCloseLimit;
}

// The group went on without us; the next poll tells the listener so.
bool LeftBehind(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION ||
         error == RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID ||
         error == RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS;
}

// The generation in the group's metadata, which librdkafka tells only in the bytes it
// writes: "CGMDv2:", then the number. After a lost membership it is -1, and a broker
// takes a transaction's offsets of generation -1 without asking who sends them.
int32_t GenerationOf(const rd_kafka_consumer_group_metadata_t& metadata) {
  constexpr std::string_view kBegin = "CGMDv2:";
  void* bytes = nullptr;
  size_t size = 0;
  const KafkaError error(rd_kafka_consumer_group_metadata_write(&metadata, &bytes, &size));
  if (error != nullptr) return -1;
  int32_t generation = -1;
  const std::string_view written(static_cast<const char*>(bytes), size);
  if (written.size() >= kBegin.size() + sizeof(generation) && written.starts_with(kBegin)) {
    std::memcpy(&generation, written.data() + kBegin.size(), sizeof(generation));
  }
  rd_kafka_mem_free(nullptr, bytes);
  return generation;
}

std::vector<int32_t> Numbers(const rd_kafka_topic_partition_list_t& list) {
  std::vector<int32_t> numbers;
  numbers.reserve(static_cast<size_t>(list.cnt));
  for (int i = 0; i < list.cnt; ++i) numbers.push_back(list.elems[i].partition);
  return numbers;
}

}  // namespace

KafkaSource::KafkaSource(const v1::Config& config, KafkaLog log)
    : topic_(publish::InputTopicName(config.topics())),
      close_limit_(CloseLimit(config)),
      outage_(config.kafka()) {
  callbacks_.log = std::move(log);
  callbacks_.error = [this](rd_kafka_resp_err_t error, std::string_view reason) {
    OnError(error, reason);
  };
  callbacks_.rebalance = [this](rd_kafka_resp_err_t event, rd_kafka_topic_partition_list_t* list) {
    OnRebalance(event, list);
  };
}

absl::StatusOr<std::unique_ptr<KafkaSource>> KafkaSource::Open(const v1::Config& config,
                                                               KafkaLog log) {
  std::unique_ptr<KafkaSource> source(new KafkaSource(config, std::move(log)));
  absl::StatusOr<KafkaHandle> kafka = OpenKafka(KafkaRole::kWorker, config, &source->callbacks_);
  if (!kafka.ok()) return kafka.status();
  source->kafka_ = std::move(*kafka);
  absl::StatusOr<std::unique_ptr<KafkaOffsets>> offsets =
      KafkaOffsets::Open(config, source->callbacks_.log);
  if (!offsets.ok()) return offsets.status();
  source->offsets_ = *std::move(offsets);
  rd_kafka_poll_set_consumer(source->kafka_.get());
  source->queue_.reset(rd_kafka_queue_get_consumer(source->kafka_.get()));
  return source;
}

KafkaSource::~KafkaSource() { ReleaseBatch(); }

absl::Status KafkaSource::Subscribe(PartitionListener* listener) {
  listener_ = listener;
  const KafkaPartitions topics(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(topics.get(), topic_.c_str(), RD_KAFKA_PARTITION_UA);
  return KafkaStatus(rd_kafka_subscribe(kafka_.get(), topics.get()),
                     absl::StrCat("cannot subscribe to ", topic_));
}

absl::StatusOr<absl::Span<const InputRecord>> KafkaSource::Poll(absl::Duration wait,
                                                                size_t max_records) {
  ReleaseBatch();
  if (!fatal_.ok()) return fatal_;
  if (messages_.size() < max_records) messages_.resize(max_records);
  const ssize_t count = rd_kafka_consume_batch_queue(queue_.get(), KafkaMilliseconds(wait),
                                                     messages_.data(), max_records);
  for (ssize_t i = 0; i < count; ++i) {
    rd_kafka_message_t* message = messages_[i];
    if (!Accept(*message)) {
      rd_kafka_message_destroy(message);
      continue;
    }
    messages_[batch_size_++] = message;
    records_.push_back(ViewOf(*message));
  }
  if (!fatal_.ok()) {
    ReleaseBatch();
    return fatal_;
  }
  if (batch_size_ > 0) {
    outage_.Over();
  } else if (outage_.ongoing()) {
    CheckOutage();
  }
  reachable_.store(!outage_.ongoing(), std::memory_order_relaxed);
  if (!outage_.ongoing()) return absl::MakeConstSpan(records_);
  if (std::optional<std::string> message = outage_.Report(absl::Now())) {
    return absl::UnavailableError(*message);
  }
  return absl::MakeConstSpan(records_);
}

void KafkaSource::ReleaseBatch() {
  for (size_t i = 0; i < batch_size_; ++i) rd_kafka_message_destroy(messages_[i]);
  batch_size_ = 0;
  records_.clear();
}

bool KafkaSource::Accept(const rd_kafka_message_t& message) {
  if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    // Control records are behind us then, so that its offset may be above `next`.
    if (Owns(message.partition)) PartitionAt(message.partition).end_seen = message.offset;
    return false;
  }
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    OnError(message.err, rd_kafka_message_errstr(&message));
    return false;
  }
  if (!Owns(message.partition)) return false;
  Partition& partition = PartitionAt(message.partition);
  if (message.offset < partition.next) {
    ++repeated_records_;
    return false;
  }
  partition.next = message.offset + 1;
  partition.positioned = true;
  partition.end_seen = -1;
  return true;
}

void KafkaSource::OnError(rd_kafka_resp_err_t error, std::string_view reason) {
  switch (error) {
    case RD_KAFKA_RESP_ERR__FATAL: {
      std::array<char, 512> text{};
      const rd_kafka_resp_err_t cause =
          rd_kafka_fatal_error(kafka_.get(), text.data(), text.size());
      fatal_ = absl::FailedPreconditionError(
          cause == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID
              ? "another process runs with the same kafka.group_instance_id and took its place; "
                "or, after a restart of the broker, the group took this one for another"
              : absl::StrCat("the Kafka client gave up: ", text.data()));
      return;
    }
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
      fatal_ = absl::OutOfRangeError(absl::StrCat("the log of ", topic_,
                                                  " no longer holds the records to read: ",
                                                  absl::string_view(reason.data(), reason.size())));
      return;
    case RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED:
      if (callbacks_.log) {
        callbacks_.log(kWarning,
                       "no poll for too long: the group gave our partitions away; joining again");
      }
      return;
    default:
      outage_.Saw(error, reason);
  }
}

// librdkafka tells the end of an outage to nobody, so we ask.
void KafkaSource::CheckOutage() {
  const absl::Time now = absl::Now();
  if (!outage_.needs_probe() || now < probed_at_ + kProbeEvery) return;
  probed_at_ = now;
  const rd_kafka_metadata_t* answer = nullptr;
  const rd_kafka_resp_err_t error =
      rd_kafka_metadata(kafka_.get(), 0, nullptr, &answer, KafkaMilliseconds(kProbeLimit));
  const KafkaMetadata owner(answer);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) outage_.BrokerAnswered();
}

std::vector<publish::Header> KafkaSource::Headers(const InputRecord& record) {
  for (size_t i = 0; i < batch_size_; ++i) {
    if (records_[i].offset == record.offset && records_[i].partition == record.partition) {
      return HeadersOf(*messages_[i]);
    }
  }
  return {};
}

KafkaSource::Partition& KafkaSource::PartitionAt(int32_t partition) {
  const auto index = static_cast<size_t>(partition);
  if (partitions_.size() <= index) partitions_.resize(index + 1);
  return partitions_[index];
}

bool KafkaSource::Owns(int32_t partition) const {
  const auto index = static_cast<size_t>(partition);
  return index < partitions_.size() && partitions_[index].owned;
}

std::vector<int32_t> KafkaSource::Assigned() const {
  std::vector<int32_t> assigned;
  for (size_t i = 0; i < partitions_.size(); ++i) {
    if (partitions_[i].owned) assigned.push_back(static_cast<int32_t>(i));
  }
  return assigned;
}

std::map<int32_t, int64_t> KafkaSource::Lag() const {
  std::map<int32_t, int64_t> lag;
  for (const int32_t number : Assigned()) {
    int64_t low = 0;
    int64_t high = 0;
    const rd_kafka_resp_err_t error =
        rd_kafka_get_watermark_offsets(kafka_.get(), topic_.c_str(), number, &low, &high);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR || high < 0) continue;
    const Partition& partition = partitions_[static_cast<size_t>(number)];
    const int64_t position = partition.positioned ? partition.next : std::max<int64_t>(low, 0);
    lag[number] = std::max<int64_t>(0, high - position);
  }
  return lag;
}

void KafkaSource::OnRebalance(rd_kafka_resp_err_t event, rd_kafka_topic_partition_list_t* list) {
  if (event == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) return Assign(list);
  const bool lost = rd_kafka_assignment_lost(kafka_.get()) != 0;
  if (event == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
    Revoke(*list, lost);
  } else {
    outage_.Saw(event, rd_kafka_err2str(event));
  }
  rd_kafka_assign(kafka_.get(), nullptr);
}

void KafkaSource::Assign(rd_kafka_topic_partition_list_t* list) {
  const std::vector<int32_t> numbers = Numbers(*list);
  std::vector<int64_t> starts;
  if (!numbers.empty()) starts = listener_->OnAssigned(numbers);
  for (size_t i = 0; i < numbers.size(); ++i) {
    const int64_t start = starts[i];
    list->elems[i].offset = start == kBeginning ? RD_KAFKA_OFFSET_BEGINNING : start;
    PartitionAt(numbers[i]) = {
        .owned = true, .next = std::max<int64_t>(start, 0), .positioned = start >= 0};
  }
  const rd_kafka_resp_err_t error = rd_kafka_assign(kafka_.get(), list);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    fatal_ = KafkaStatus(error, "cannot take partitions over");
  outage_.Over();
}

void KafkaSource::Revoke(const rd_kafka_topic_partition_list_t& list, bool lost) {
  const std::vector<int32_t> numbers = Numbers(list);
  // What is lost cannot be committed any more, whatever the listener asks for.
  if (lost) {
    for (const int32_t number : numbers) PartitionAt(number).owned = false;
  }
  if (!numbers.empty()) listener_->OnRevoked(numbers, lost);
  for (const int32_t number : numbers) PartitionAt(number).owned = false;
}

absl::StatusOr<int64_t> KafkaSource::Committed(int32_t partition) {
  const KafkaPartitions list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_t* entry =
      rd_kafka_topic_partition_list_add(list.get(), topic_.c_str(), partition);
  const rd_kafka_resp_err_t error =
      rd_kafka_committed(kafka_.get(), list.get(), KafkaMilliseconds(kCommittedLimit));
  const std::string what =
      absl::StrCat("cannot read the committed position of partition ", partition);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaStatus(error, what);
  if (entry->err != RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaStatus(entry->err, what);
  return entry->offset < 0 ? kNothingCommitted : entry->offset;
}

KafkaGroupMetadata KafkaSource::GroupMetadata() const {
  if (Assigned().empty()) return nullptr;
  KafkaGroupMetadata metadata(rd_kafka_consumer_group_metadata(kafka_.get()));
  if (metadata == nullptr || GenerationOf(*metadata) < 0) return nullptr;
  return metadata;
}

bool KafkaSource::AtEnd(int32_t partition) {
  if (!Owns(partition) || PartitionAt(partition).end_seen < 0 || outage_.ongoing()) return false;
  if (absl::Now() >= ends_asked_at_ + kAskEndsEvery) AskEnds();
  return PartitionAt(partition).end_seen == PartitionAt(partition).end_answer &&
         absl::Now() < ends_answered_at_ + kEndIsOldAfter;
}

void KafkaSource::AskEnds() {
  std::vector<int32_t> numbers;
  for (const int32_t number : Assigned()) {
    if (PartitionAt(number).end_seen >= 0) numbers.push_back(number);
  }
  ends_asked_at_ = absl::Now();
  const absl::StatusOr<std::map<int32_t, int64_t>> ends =
      offsets_->Ask(topic_, numbers, KafkaEdge::kBehindLast, kAskEndsLimit);
  if (!ends.ok()) return;
  for (const int32_t number : Assigned()) {
    const auto end = ends->find(number);
    PartitionAt(number).end_answer = end == ends->end() ? -1 : end->second;
  }
  // The answer is as old as the question: what came meanwhile is not in it.
  ends_answered_at_ = ends_asked_at_;
}

void KafkaSource::KeepFetching() {
  if (KafkaHasFetchQueueBackoff() || !fetch_wake_.Due(rd_kafka_outq_len(kafka_.get()))) return;
  // The answer is of no interest; that the leaders' connections have something to do is.
  AskKafkaOffsets(kafka_.get(), topic_, Assigned(), KafkaEdge::kBehindLast, kWakeLimit)
      .status()
      .IgnoreError();
}

absl::StatusOr<int64_t> KafkaSource::LogStart(int32_t partition) {
  const absl::StatusOr<std::map<int32_t, int64_t>> starts =
      offsets_->Ask(topic_, {partition}, KafkaEdge::kFirst, kLogStartLimit);
  if (!starts.ok()) return starts.status();
  return starts->at(partition);
}

absl::Status KafkaSource::CommitPositions(const Positions& positions) {
  const KafkaPartitions list(rd_kafka_topic_partition_list_new(static_cast<int>(positions.size())));
  for (const auto& [number, position] : positions) {
    if (!Owns(number) || PartitionAt(number).committed == position) continue;
    rd_kafka_topic_partition_list_add(list.get(), topic_.c_str(), number)->offset = position;
  }
  if (list->cnt == 0) return absl::OkStatus();
  // A queue of its own, because rd_kafka_commit waits for a broker without limit.
  const KafkaQueue answers(rd_kafka_queue_new(kafka_.get()));
  rd_kafka_resp_err_t error =
      rd_kafka_commit_queue(kafka_.get(), list.get(), answers.get(), nullptr, nullptr);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
    const KafkaEvent answer(rd_kafka_queue_poll(answers.get(), KafkaMilliseconds(kCommitLimit)));
    error = answer == nullptr ? RD_KAFKA_RESP_ERR__TIMED_OUT : rd_kafka_event_error(answer.get());
  }
  if (LeftBehind(error)) return absl::OkStatus();
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaStatus(error, "cannot commit positions");
  for (int i = 0; i < list->cnt; ++i) {
    PartitionAt(list->elems[i].partition).committed = list->elems[i].offset;
  }
  return absl::OkStatus();
}

absl::Status KafkaSource::Close() {
  if (closed_) return absl::OkStatus();
  closed_ = true;
  ReleaseBatch();
  const absl::Time deadline = absl::Now() + close_limit_;
  const KafkaQueue events(rd_kafka_queue_new(kafka_.get()));
  const KafkaError error(rd_kafka_consumer_close_queue(kafka_.get(), events.get()));
  if (error != nullptr)
    return KafkaStatus(rd_kafka_error_code(error.get()), "cannot leave the group");
  while (rd_kafka_consumer_closed(kafka_.get()) == 0) {
    if (absl::Now() >= deadline) {
      return absl::DeadlineExceededError(
          "the group was not told that we leave: no broker answered");
    }
    // Records that were fetched ahead come here too, and only this call takes them.
    std::array<rd_kafka_message_t*, 100> left{};
    const ssize_t count = rd_kafka_consume_batch_queue(events.get(), 20, left.data(), left.size());
    for (ssize_t i = 0; i < count; ++i) rd_kafka_message_destroy(left[i]);
  }
  return absl::OkStatus();
}

}  // namespace peakend::runtime
