#include "processors/runtime/kafka_output_topics.h"

#include <algorithm>
#include <bit>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/kafka_record.h"

namespace peakend::runtime {
namespace {

constexpr int64_t kNamedRecords = 20;

// For Kafka a null pointer is a null key or value, and an empty one is not.
char* Bytes(bool present, std::string_view bytes) {
  if (!present) return nullptr;
  return const_cast<char*>(bytes.data() == nullptr ? "" : bytes.data());
}

// librdkafka hands it back untouched; it is never followed.
void* Opaque(uintptr_t opaque) { return reinterpret_cast<void*>(opaque); }

rd_kafka_resp_err_t ProduceWithHeaders(rd_kafka_t* kafka, rd_kafka_topic_t* topic,
                                       const publish::Output& output, uintptr_t opaque) {
  KafkaHeaders headers = MakeHeaders(output.headers);
  const rd_kafka_resp_err_t error = rd_kafka_producev(
      kafka, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_PARTITION(output.partition),
      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
      RD_KAFKA_V_VALUE(Bytes(output.has_value, output.value), output.value.size()),
      RD_KAFKA_V_KEY(Bytes(output.has_key, output.key), output.key.size()),
      RD_KAFKA_V_HEADERS(headers.get()), RD_KAFKA_V_OPAQUE(Opaque(opaque)), RD_KAFKA_V_END);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) static_cast<void>(headers.release());  // taken over
  return error;
}

}  // namespace

bool KafkaNeverTakes(rd_kafka_resp_err_t error) {
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

bool KafkaBlamesTheBatch(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE ||
         error == RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE ||
         error == RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE || error == RD_KAFKA_RESP_ERR_INVALID_RECORD;
}

absl::Status KafkaOutputTopics::Open(rd_kafka_t* kafka, const v1::Config& config) {
  kafka_ = kafka;
  for (const publish::Topic topic : publish::TopicsOf(config)) {
    const std::string name = publish::TopicName(config.topics(), topic);
    KafkaTopic& opened = topics_[static_cast<size_t>(topic)];
    opened.reset(rd_kafka_topic_new(kafka, name.c_str(), nullptr));
    if (opened == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat("bad topic name `", name, "`"));
    }
  }
  return absl::OkStatus();
}

void KafkaOutputTopics::Close() {
  for (KafkaTopic& topic : topics_) topic.reset();
  first_acks_ = {};
  firsts_ = 0;
  TakeHeld();
}

rd_kafka_resp_err_t KafkaOutputTopics::Produce(const publish::Output& output, uintptr_t opaque) {
  if (!Awaits(output) && !IsBehindHeld(output)) return Hand(output, opaque);
  Hold(output, opaque);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t KafkaOutputTopics::Hand(const publish::Output& output, uintptr_t opaque) {
  const auto index = static_cast<size_t>(output.topic);
  rd_kafka_topic_t* topic = topics_[index].get();
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  if (output.headers != nullptr && !output.headers->empty()) {
    error = ProduceWithHeaders(kafka_, topic, output, opaque);
  } else if (rd_kafka_produce(topic, output.partition, RD_KAFKA_MSG_F_COPY,
                              Bytes(output.has_value, output.value), output.value.size(),
                              Bytes(output.has_key, output.key), output.key.size(),
                              Opaque(opaque)) != 0) {
    error = rd_kafka_last_error();
  }
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return error;
  first_acks_[index].Sent(output.partition);
  if (Awaits(output)) ++firsts_;
  return error;
}

void KafkaOutputTopics::Hold(const publish::Output& output, uintptr_t opaque) {
  held_.outputs.AppendCopy(output);
  held_.opaques.push_back(opaque);
  std::vector<int32_t>& counts = held_counts_[static_cast<size_t>(output.topic)];
  const auto partition = static_cast<size_t>(output.partition);
  if (counts.size() <= partition) counts.resize(partition + 1);
  ++counts[partition];
}

KafkaOutputTopics::Held KafkaOutputTopics::TakeHeld() {
  for (std::vector<int32_t>& counts : held_counts_) counts.clear();
  return std::exchange(held_, {});
}

std::vector<KafkaOutputTopics::Refusal> KafkaOutputTopics::Release() {
  std::vector<Refusal> refused;
  const Held before = TakeHeld();
  bool full = false;
  for (size_t i = 0; i < before.opaques.size(); ++i) {
    const publish::Output output = before.outputs[i];
    const uintptr_t opaque = before.opaques[i];
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR__QUEUE_FULL;
    if (!full && !Awaits(output)) {
      error = Hand(output, opaque);
      full = error == RD_KAFKA_RESP_ERR__QUEUE_FULL;
    }
    if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      Hold(output, opaque);
    } else if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
      refused.push_back({output.topic, output.partition, output.value.size(), opaque, error});
    }
  }
  return refused;
}

size_t KafkaOutputTopics::Forget(absl::Span<const int32_t> partitions) {
  const Held before = TakeHeld();
  for (size_t i = 0; i < before.opaques.size(); ++i) {
    const int32_t cause = before.outputs[i].cause;
    if (std::find(partitions.begin(), partitions.end(), cause) != partitions.end()) continue;
    Hold(before.outputs[i], before.opaques[i]);
  }
  return before.opaques.size() - held();
}

void KafkaOutputTopics::Answered(const rd_kafka_message_t& message) {
  if (firsts_ == 0) return;
  for (size_t i = 0; i < publish::kTopicCount; ++i) {
    if (topics_[i].get() != message.rkt || !first_acks_[i].Awaits(message.partition)) continue;
    first_acks_[i].Answered(message.partition, message.err == RD_KAFKA_RESP_ERR_NO_ERROR);
    --firsts_;
  }
}

KafkaUndeliverable::KafkaUndeliverable(const v1::TopicsConfig& topics, KafkaLog log)
    : topics_(topics), log_(std::move(log)) {}

void KafkaUndeliverable::LeaveBehind(publish::Topic topic, int32_t partition, size_t bytes,
                                     rd_kafka_resp_err_t error) {
  const int64_t count = ++counts_[static_cast<size_t>(topic)];
  if (!log_) return;
  if (count > kNamedRecords && !std::has_single_bit(static_cast<uint64_t>(count))) return;
  log_(kKafkaLogError,
       absl::StrCat("undeliverable output left behind: topic ", publish::TopicName(topics_, topic),
                    ", partition ", partition, ", ", bytes, " bytes: ", rd_kafka_err2str(error),
                    " (", count, " in this topic)"));
}

}  // namespace peakend::runtime
