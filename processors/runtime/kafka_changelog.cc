#include "processors/runtime/kafka_changelog.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "processors/publish/output.h"
#include "processors/publish/topic_names.h"

namespace peakend::runtime {
namespace {

constexpr absl::Duration kAskLimit = absl::Seconds(10);
constexpr absl::Duration kStableLimit = absl::Seconds(1);
constexpr absl::Duration kSilenceLimit = absl::Seconds(10);
// A batch is waited for until it is full, so that this is also the delay at the end.
constexpr absl::Duration kWait = absl::Milliseconds(5);
constexpr size_t kBatch = 2000;

std::string_view View(const void* bytes, size_t size) {
  return {static_cast<const char*>(bytes), bytes == nullptr ? 0 : size};
}

}  // namespace

KafkaChangelog::KafkaChangelog(const v1::Config& config, KafkaLog log)
    : topic_(publish::TopicName(config.topics(), publish::Topic::kState)),
      outage_(config.kafka()),
      messages_(kBatch) {
  callbacks_.log = std::move(log);
  callbacks_.error = [this](rd_kafka_resp_err_t error, std::string_view reason) {
    outage_.Saw(error, reason);
  };
}

absl::StatusOr<std::unique_ptr<KafkaChangelog>> KafkaChangelog::Open(const v1::Config& config,
                                                                     KafkaLog log) {
  std::unique_ptr<KafkaChangelog> changelog(new KafkaChangelog(config, std::move(log)));
  auto offsets = KafkaOffsets::Open(config, changelog->callbacks_.log);
  if (!offsets.ok()) return offsets.status();
  changelog->offsets_ = *std::move(offsets);
  absl::StatusOr<KafkaHandle> kafka = OpenKafka(KafkaRole::kReader, config, &changelog->callbacks_);
  if (!kafka.ok()) return kafka.status();
  changelog->kafka_ = std::move(*kafka);
  rd_kafka_poll_set_consumer(changelog->kafka_.get());
  changelog->queue_.reset(rd_kafka_queue_get_consumer(changelog->kafka_.get()));
  return changelog;
}

absl::StatusOr<int64_t> KafkaChangelog::DecidedEnd(int32_t partition) {
  // In this order, so that records which come in between hold nothing up.
  const auto written = offsets_->Ask(topic_, {partition}, KafkaEdge::kBehindLast, kAskLimit);
  if (!written.ok()) return written.status();
  // This client reads committed records only, so its end is the last stable offset.
  const auto stable =
      AskKafkaOffsets(kafka_.get(), topic_, {partition}, KafkaEdge::kBehindLast, kAskLimit);
  if (!stable.ok()) return stable.status();
  if (stable->at(partition) >= written->at(partition)) return stable->at(partition);
  return absl::UnavailableError(
      absl::StrCat("a transaction is open in partition ", partition, " of ", topic_));
}

absl::StatusOr<int64_t> KafkaChangelog::StableEnd(int32_t partition) {
  const auto end =
      AskKafkaOffsets(kafka_.get(), topic_, {partition}, KafkaEdge::kBehindLast, kStableLimit);
  if (!end.ok()) return end.status();
  return end->at(partition);
}

absl::Status KafkaChangelog::Read(int32_t partition, int64_t from,
                                  const std::function<absl::Status(const ChangelogRecord&)>& take) {
  const absl::StatusOr<int64_t> end = DecidedEnd(partition);
  if (!end.ok()) {
    rd_kafka_poll(kafka_.get(), 0);
    return absl::IsUnavailable(end.status()) && outage_.ongoing() ? Silent() : end.status();
  }
  const auto begin =
      AskKafkaOffsets(kafka_.get(), topic_, {partition}, KafkaEdge::kFirst, kAskLimit);
  if (!begin.ok()) return begin.status();
  if (from > *end || (from > 0 && from < begin->at(partition))) {
    return absl::OutOfRangeError(
        absl::StrCat("partition ", partition, " of ", topic_, " does not hold offset ", from));
  }
  from = std::max(from, begin->at(partition));
  if (from >= *end) return absl::OkStatus();
  const KafkaPartitions list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), topic_.c_str(), partition)->offset = from;
  absl::Status status =
      KafkaStatus(rd_kafka_assign(kafka_.get(), list.get()), absl::StrCat("cannot read ", topic_));
  if (status.ok()) status = ReadTo(partition, *end, take);
  // What is fetched ahead is thrown away with it.
  rd_kafka_assign(kafka_.get(), nullptr);
  return status;
}

absl::Status KafkaChangelog::ReadTo(
    int32_t partition, int64_t end,
    const std::function<absl::Status(const ChangelogRecord&)>& take) {
  absl::Time heard_at = absl::Now();
  bool reached = false;
  absl::Status status;
  while (!reached && status.ok()) {
    const ssize_t count = rd_kafka_consume_batch_queue(queue_.get(), KafkaMilliseconds(kWait),
                                                       messages_.data(), messages_.size());
    for (ssize_t i = 0; i < count; ++i) {
      const KafkaMessage message(messages_[static_cast<size_t>(i)]);
      if (!reached && status.ok()) status = Take(*message, partition, end, take, &reached);
    }
    if (count > 0) heard_at = absl::Now();
    if (count <= 0 && absl::Now() >= heard_at + kSilenceLimit) status.Update(Silent());
  }
  return status;
}

absl::Status KafkaChangelog::Take(const rd_kafka_message_t& message, int32_t partition, int64_t end,
                                  const std::function<absl::Status(const ChangelogRecord&)>& take,
                                  bool* reached) {
  if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    // Where the last records are aborted ones or control records, nothing else tells.
    *reached = message.partition == partition && message.offset >= end;
    return absl::OkStatus();
  }
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    outage_.Saw(message.err, rd_kafka_message_errstr(&message));
    absl::Status status = KafkaStatus(message.err, absl::StrCat("cannot read ", topic_));
    // The client tries again by itself, and the limit on silence holds.
    return absl::IsUnavailable(status) ? absl::OkStatus() : status;
  }
  if (message.partition != partition) return absl::OkStatus();
  outage_.Over();
  *reached = message.offset + 1 >= end;
  if (message.offset >= end) return absl::OkStatus();
  ChangelogRecord record;
  record.key = View(message.key, message.key_len);
  record.value = View(message.payload, message.len);
  record.has_value = message.payload != nullptr;
  record.offset = message.offset;
  record.end_offset = end;
  return take(record);
}

absl::Status KafkaChangelog::Silent() const {
  return absl::UnavailableError(absl::StrCat(
      "cannot read ", topic_, ": ", outage_.ongoing() ? outage_.Message() : "no broker answers"));
}

}  // namespace peakend::runtime
