#include "processors/runtime/kafka_producer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "processors/publish/partitioner.h"
#include "processors/runtime/kafka_metadata.h"
#include "processors/runtime/kafka_outage.h"
#include "processors/runtime/kafka_record.h"

namespace peakend::runtime {
namespace {

constexpr absl::Duration kFirstLimit = absl::Seconds(10);

// A null payload and an empty one differ for Kafka, so the pointer matters.
const char* DataOf(const std::optional<std::string_view>& bytes) {
  if (!bytes.has_value()) return nullptr;
  return bytes->data() == nullptr ? "" : bytes->data();
}

size_t SizeOf(const std::optional<std::string_view>& bytes) {
  return bytes.has_value() ? bytes->size() : 0;
}

}  // namespace

absl::StatusOr<std::unique_ptr<KafkaProducer>> KafkaProducer::Open(const v1::Config& config,
                                                                   const std::string& topic,
                                                                   KafkaLog log,
                                                                   absl::Duration limit) {
  std::unique_ptr<KafkaProducer> producer(new KafkaProducer());
  KafkaProducer* self = producer.get();
  producer->callbacks_.log = std::move(log);
  producer->callbacks_.delivered = [self](const rd_kafka_message_t& message) {
    self->OnDelivered(message);
  };
  absl::StatusOr<KafkaHandle> kafka =
      OpenKafka(KafkaRole::kProducer, config, &producer->callbacks_);
  if (!kafka.ok()) return kafka.status();
  producer->kafka_ = std::move(*kafka);
  producer->topic_.reset(rd_kafka_topic_new(producer->kafka_.get(), topic.c_str(), nullptr));
  if (producer->topic_ == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("bad topic name `", topic, "`"));
  }
  absl::Status found = producer->FindPartitions(config, topic, limit);
  if (!found.ok()) return found;
  return producer;
}

absl::Status KafkaProducer::FindPartitions(const v1::Config& config, const std::string& topic,
                                           absl::Duration limit) {
  KafkaOutage outage(config.kafka());
  callbacks_.error = [&outage](rd_kafka_resp_err_t error, std::string_view reason) {
    outage.Saw(error, reason);
  };
  absl::StatusOr<KafkaMetadata> metadata = KafkaClusterMetadata(kafka_.get(), &outage, limit);
  callbacks_.error = nullptr;
  if (!metadata.ok()) return metadata.status();
  const rd_kafka_metadata_topic_t* found =
      std::find_if((*metadata)->topics, (*metadata)->topics + (*metadata)->topic_cnt,
                   [&](const rd_kafka_metadata_topic_t& entry) { return topic == entry.topic; });
  if (found == (*metadata)->topics + (*metadata)->topic_cnt || found->partition_cnt == 0) {
    return absl::NotFoundError(
        absl::StrCat("topic `", topic, "` does not exist: `peakend topics create` makes it"));
  }
  partitions_ = found->partition_cnt;
  return absl::OkStatus();
}

absl::Status KafkaProducer::Send(const ProducedRecord& record) {
  int32_t partition = record.partition.value_or(0);
  if (!record.partition.has_value() && record.key.has_value()) {
    partition = publish::PartitionFor(*record.key, partitions_);
  }
  if (absl::Status first = AwaitFirst(partition); !first.ok()) return first;
  KafkaHeaders headers = MakeHeaders(&record.headers);
  while (true) {
    const rd_kafka_resp_err_t error = rd_kafka_producev(
        kafka_.get(), RD_KAFKA_V_RKT(topic_.get()), RD_KAFKA_V_PARTITION(partition),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_TIMESTAMP(record.timestamp_ms),
        RD_KAFKA_V_VALUE(const_cast<char*>(DataOf(record.value)), SizeOf(record.value)),
        RD_KAFKA_V_KEY(DataOf(record.key), SizeOf(record.key)), RD_KAFKA_V_HEADERS(headers.get()),
        RD_KAFKA_V_END);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      static_cast<void>(headers.release());  // taken over
      first_acks_.Sent(partition);
      rd_kafka_poll(kafka_.get(), 0);
      return absl::OkStatus();
    }
    if (error == RD_KAFKA_RESP_ERR__FATAL) {
      return absl::FailedPreconditionError("the Kafka producer gave up");
    }
    if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      return absl::InvalidArgumentError(absl::StrCat("record of ", SizeOf(record.value),
                                                     " bytes for partition ", partition, ": ",
                                                     rd_kafka_err2str(error)));
    }
    rd_kafka_poll(kafka_.get(), 1);
  }
}

absl::Status KafkaProducer::AwaitFirst(int32_t partition) {
  const absl::Time deadline = absl::Now() + kFirstLimit;
  while (first_acks_.Awaits(partition)) {
    if (absl::Now() >= deadline) {
      return absl::UnavailableError(absl::StrCat("the first record of partition ", partition,
                                                 " was not acknowledged within ",
                                                 absl::FormatDuration(kFirstLimit)));
    }
    rd_kafka_flush(kafka_.get(), 10);
  }
  return absl::OkStatus();
}

void KafkaProducer::OnDelivered(const rd_kafka_message_t& message) {
  first_acks_.Answered(message.partition, message.err == RD_KAFKA_RESP_ERR_NO_ERROR);
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    ++delivered_;
    return;
  }
  ++refused_;
  refusal_.Update(absl::DataLossError(absl::StrCat("the broker refused a record of ", message.len,
                                                   " bytes for partition ", message.partition, ": ",
                                                   rd_kafka_err2str(message.err))));
}

absl::Status KafkaProducer::SendToAll(ProducedRecord record) {
  for (int32_t partition = 0; partition < partitions_; ++partition) {
    record.partition = partition;
    if (absl::Status sent = Send(record); !sent.ok()) return sent;
  }
  return absl::OkStatus();
}

absl::Status KafkaProducer::Flush(absl::Duration limit) {
  rd_kafka_flush(kafka_.get(), KafkaMilliseconds(limit));
  const int waiting = rd_kafka_outq_len(kafka_.get());
  if (waiting > 0) {
    return absl::UnavailableError(absl::StrCat(waiting, " records not acknowledged yet"));
  }
  return std::exchange(refusal_, absl::OkStatus());
}

}  // namespace peakend::runtime
