#include "processors/runtime/kafka_sampler.h"

#include <array>
#include <map>
#include <utility>

#include "absl/time/clock.h"
#include "processors/runtime/kafka_record.h"

namespace peakend::runtime {
namespace {

constexpr absl::Duration kWait = absl::Milliseconds(20);
constexpr size_t kBatch = 500;

// The ranges that have not been read to their ends.
class Unread {
 public:
  explicit Unread(const std::vector<KafkaRange>& ranges) : ranges_(ranges) {
    for (size_t i = 0; i < ranges.size(); ++i) index_[{ranges[i].topic, ranges[i].partition}] = i;
  }

  bool empty() const { return index_.empty(); }

  absl::Status Take(const rd_kafka_message_t& message, const KafkaSampler::Take& take) {
    // An error of the client as a whole names no topic.
    if (message.rkt == nullptr) return Final(message.err);
    const auto found = index_.find({rd_kafka_topic_name(message.rkt), message.partition});
    if (found == index_.end()) return absl::OkStatus();
    if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      index_.erase(found);
      return absl::OkStatus();
    }
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) return Final(message.err);
    const int64_t end = ranges_[found->second].end;
    if (message.offset < end) {
      rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
      rd_kafka_message_timestamp(&message, &type);
      take(found->second, ViewOf(message), type == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME);
    }
    if (message.offset + 1 >= end) index_.erase(found);
    return absl::OkStatus();
  }

 private:
  // The client tries again by itself what can be tried again.
  static absl::Status Final(rd_kafka_resp_err_t error) {
    absl::Status status = KafkaStatus(error, "cannot read records");
    return absl::IsUnavailable(status) ? absl::OkStatus() : status;
  }

  const std::vector<KafkaRange>& ranges_;
  std::map<std::pair<std::string, int32_t>, size_t> index_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<KafkaSampler>> KafkaSampler::Open(const v1::Config& config,
                                                                 KafkaLog log) {
  std::unique_ptr<KafkaSampler> sampler(new KafkaSampler());
  sampler->callbacks_.log = std::move(log);
  absl::StatusOr<KafkaHandle> kafka = OpenKafka(KafkaRole::kSampler, config, &sampler->callbacks_);
  if (!kafka.ok()) return kafka.status();
  sampler->kafka_ = std::move(*kafka);
  rd_kafka_poll_set_consumer(sampler->kafka_.get());
  sampler->queue_.reset(rd_kafka_queue_get_consumer(sampler->kafka_.get()));
  return sampler;
}

absl::Status KafkaSampler::Read(const std::vector<KafkaRange>& ranges, absl::Duration limit,
                                const Take& take) {
  if (ranges.empty()) return absl::OkStatus();
  const KafkaPartitions list(rd_kafka_topic_partition_list_new(static_cast<int>(ranges.size())));
  for (const KafkaRange& range : ranges) {
    rd_kafka_topic_partition_list_add(list.get(), range.topic.c_str(), range.partition)->offset =
        range.begin;
  }
  absl::Status status =
      KafkaStatus(rd_kafka_assign(kafka_.get(), list.get()), "cannot read records");
  Unread unread(ranges);
  std::array<rd_kafka_message_t*, kBatch> messages{};
  const absl::Time deadline = absl::Now() + limit;
  while (status.ok() && !unread.empty() && absl::Now() < deadline) {
    const ssize_t count = rd_kafka_consume_batch_queue(queue_.get(), KafkaMilliseconds(kWait),
                                                       messages.data(), messages.size());
    for (ssize_t i = 0; i < count; ++i) {
      const KafkaMessage message(messages[static_cast<size_t>(i)]);
      if (status.ok()) status = unread.Take(*message, take);
    }
  }
  rd_kafka_assign(kafka_.get(), nullptr);
  if (status.ok() && !unread.empty()) {
    return absl::UnavailableError("cannot read records: no answer");
  }
  return status;
}

}  // namespace peakend::runtime
