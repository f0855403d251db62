#include "processors/runtime/kafka_sink.h"

#include <bit>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/kafka_record.h"

namespace peakend::runtime {
namespace {

constexpr absl::Duration kDeliveryLimit = absl::Seconds(10);
constexpr int kError = 3;
// Each undeliverable record of a topic is named up to here, then every doubling.
constexpr int64_t kNamedRecords = 20;

bool Permanent(rd_kafka_resp_err_t error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
      return true;
    default:
      return false;
  }
}

// For Kafka a null pointer is a null key or value, and an empty one is not.
char* Bytes(bool present, std::string_view bytes) {
  return present ? const_cast<char*>(bytes.data()) : nullptr;
}

void* Opaque(publish::Topic topic) {
  // librdkafka hands it back untouched; it is never followed.
  return reinterpret_cast<void*>(static_cast<uintptr_t>(topic));
}

rd_kafka_resp_err_t ProduceWithHeaders(rd_kafka_t* kafka, rd_kafka_topic_t* topic,
                                       const publish::Output& output) {
  KafkaHeaders headers = MakeHeaders(output.headers);
  const rd_kafka_resp_err_t error = rd_kafka_producev(
      kafka, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_PARTITION(output.partition),
      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
      RD_KAFKA_V_VALUE(Bytes(output.has_value, output.value), output.value.size()),
      RD_KAFKA_V_KEY(Bytes(output.has_key, output.key), output.key.size()),
      RD_KAFKA_V_HEADERS(headers.get()), RD_KAFKA_V_OPAQUE(Opaque(output.topic)), RD_KAFKA_V_END);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) static_cast<void>(headers.release());  // taken over
  return error;
}

rd_kafka_resp_err_t ProduceOne(rd_kafka_t* kafka, rd_kafka_topic_t* topic,
                               const publish::Output& output) {
  if (output.headers != nullptr && !output.headers->empty()) {
    return ProduceWithHeaders(kafka, topic, output);
  }
  const int result =
      rd_kafka_produce(topic, output.partition, RD_KAFKA_MSG_F_COPY,
                       Bytes(output.has_value, output.value), output.value.size(),
                       Bytes(output.has_key, output.key), output.key.size(), Opaque(output.topic));
  return result == 0 ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_last_error();
}

}  // namespace

KafkaSink::KafkaSink(const v1::Config& config, KafkaSource* source, KafkaLog log)
    : source_(source), outage_(config.kafka()) {
  callbacks_.log = std::move(log);
  callbacks_.error = [this](rd_kafka_resp_err_t error, std::string_view reason) {
    outage_.Saw(error, reason);
  };
  callbacks_.delivered = [this](const rd_kafka_message_t& message) { OnDelivered(message); };
}

absl::StatusOr<std::unique_ptr<KafkaSink>> KafkaSink::Open(const v1::Config& config,
                                                           KafkaSource* source, KafkaLog log) {
  std::unique_ptr<KafkaSink> sink(new KafkaSink(config, source, std::move(log)));
  absl::StatusOr<KafkaHandle> kafka = OpenKafka(KafkaRole::kProducer, config, &sink->callbacks_);
  if (!kafka.ok()) return kafka.status();
  sink->kafka_ = std::move(*kafka);
  for (size_t i = 0; i < publish::kTopicCount; ++i) {
    const std::string name = publish::TopicName(config.topics(), static_cast<publish::Topic>(i));
    sink->topics_[i].reset(rd_kafka_topic_new(sink->kafka_.get(), name.c_str(), nullptr));
    if (sink->topics_[i] == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat("bad topic name `", name, "`"));
    }
  }
  return sink;
}

absl::Status KafkaSink::Append(const publish::OutputBatch& outputs) {
  for (size_t i = 0; i < outputs.size(); ++i) {
    absl::Status status = Produce(outputs[i]);
    if (!status.ok()) return status;
  }
  rd_kafka_poll(kafka_.get(), 0);
  return fatal_;
}

absl::Status KafkaSink::Produce(const publish::Output& output) {
  rd_kafka_topic_t* topic = topics_[static_cast<size_t>(output.topic)].get();
  while (fatal_.ok()) {
    const rd_kafka_resp_err_t error = ProduceOne(kafka_.get(), topic, output);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      ++in_flight_;
      return absl::OkStatus();
    }
    if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      rd_kafka_poll(kafka_.get(), 1);
      ReportOutage();
      continue;
    }
    if (Permanent(error)) {
      GiveUp(output.topic, output.partition, output.value.size(), error);
      return absl::OkStatus();
    }
    fatal_ = absl::FailedPreconditionError(
        absl::StrCat("the Kafka producer gave up: ", rd_kafka_err2str(error)));
  }
  return fatal_;
}

void KafkaSink::OnDelivered(const rd_kafka_message_t& message) {
  --in_flight_;
  const auto topic = static_cast<publish::Topic>(reinterpret_cast<uintptr_t>(message._private));
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    ++stats_.delivered[static_cast<size_t>(topic)];
    outage_.Over();
  } else if (Permanent(message.err)) {
    GiveUp(topic, message.partition, message.len, message.err);
  } else if (fatal_.ok()) {
    // Its position must not be committed, so there is no going on.
    fatal_ = absl::FailedPreconditionError(
        absl::StrCat("the Kafka producer gave up: ", rd_kafka_err2str(message.err)));
  }
}

void KafkaSink::GiveUp(publish::Topic topic, int32_t partition, size_t size,
                       rd_kafka_resp_err_t error) {
  const int64_t count = ++stats_.undeliverable[static_cast<size_t>(topic)];
  if (!callbacks_.log) return;
  if (count > kNamedRecords && !std::has_single_bit(static_cast<uint64_t>(count))) return;
  callbacks_.log(kError,
                 absl::StrCat("undeliverable output left behind: topic ",
                              rd_kafka_topic_name(topics_[static_cast<size_t>(topic)].get()),
                              ", partition ", partition, ", ", size,
                              " bytes: ", rd_kafka_err2str(error), " (", count, " in this topic)"));
}

void KafkaSink::ReportOutage() {
  if (!callbacks_.log) return;
  if (std::optional<std::string> message = outage_.Report(absl::Now())) {
    callbacks_.log(kError, absl::StrCat("outputs wait: ", *message));
  }
}

absl::Status KafkaSink::Commit(const Positions& positions) {
  const absl::Time deadline = absl::Now() + kDeliveryLimit;
  while (in_flight_ > 0 && fatal_.ok()) {
    if (absl::Now() >= deadline) {
      return absl::UnavailableError(
          absl::StrCat(in_flight_, " outputs not acknowledged yet: ",
                       outage_.ongoing() ? outage_.Message() : "the broker is slow"));
    }
    rd_kafka_flush(kafka_.get(), 100);
  }
  if (!fatal_.ok()) return fatal_;
  return source_->CommitPositions(positions);
}

}  // namespace peakend::runtime
