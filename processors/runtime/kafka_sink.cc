#include "processors/runtime/kafka_sink.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "processors/runtime/kafka_record.h"

namespace peakend::runtime {
namespace {

constexpr absl::Duration kDeliveryLimit = absl::Seconds(10);

bool Contains(absl::Span<const int32_t> partitions, int32_t partition) {
  return std::find(partitions.begin(), partitions.end(), partition) != partitions.end();
}

}  // namespace

KafkaSink::KafkaSink(const v1::Config& config, KafkaSource* source, KafkaLog log)
    : source_(source), outage_(config.kafka()), undeliverable_(config.topics(), log) {
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
  const absl::Status opened = sink->topics_.Open(sink->kafka_.get(), config);
  if (!opened.ok()) return opened;
  return sink;
}

absl::Status KafkaSink::Append(const publish::OutputBatch& outputs) {
  for (size_t i = 0; i < outputs.size(); ++i) {
    const publish::Output output = outputs[i];
    if (output.topic == publish::Topic::kState) {
      state_.AppendFrom(outputs, i);
      continue;
    }
    // In a request with the one that is under way alone, it would be refused with it.
    if (alone_) {
      again_.AppendFrom(outputs, i);
      continue;
    }
    absl::Status status = Produce(output);
    if (!status.ok()) return status;
  }
  rd_kafka_poll(kafka_.get(), 0);
  ReleaseHeld();
  return fatal_;
}

absl::Status KafkaSink::Produce(const publish::Output& output) {
  while (fatal_.ok()) {
    const rd_kafka_resp_err_t error = topics_.Produce(output, static_cast<uintptr_t>(output.topic));
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      ++in_flight_;
      return absl::OkStatus();
    }
    if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      rd_kafka_poll(kafka_.get(), 1);
      ReportOutage();
      continue;
    }
    Refused({output.topic, output.partition, output.value.size(), 0, error});
    return fatal_;
  }
  return fatal_;
}

void KafkaSink::Refused(const KafkaOutputTopics::Refusal& refusal) {
  if (KafkaNeverTakes(refusal.error)) {
    undeliverable_.LeaveBehind(refusal.topic, refusal.partition, refusal.bytes, refusal.error);
  } else if (fatal_.ok()) {
    // Its position must not be committed, so there is no going on.
    fatal_ = absl::FailedPreconditionError(
        absl::StrCat("the Kafka producer gave up: ", rd_kafka_err2str(refusal.error)));
  }
}

void KafkaSink::ReleaseHeld() {
  if (topics_.held() == 0) return;
  for (const KafkaOutputTopics::Refusal& refusal : topics_.Release()) {
    --in_flight_;
    Refused(refusal);
  }
}

void KafkaSink::KeepForAgain(publish::Topic topic, const rd_kafka_message_t& message) {
  publish::Output output{topic,
                         message.partition,
                         message.partition,  // nobody asks here who wrote it
                         {static_cast<const char*>(message.key), message.key_len},
                         {static_cast<const char*>(message.payload), message.len}};
  output.has_key = message.key != nullptr;
  output.has_value = message.payload != nullptr;
  std::vector<publish::Header> headers = HeadersOf(message);
  again_.AppendOriginal(output, std::move(headers));
}

void KafkaSink::OnDelivered(const rd_kafka_message_t& message) {
  --in_flight_;
  topics_.Answered(message);
  const auto topic = static_cast<publish::Topic>(reinterpret_cast<uintptr_t>(message._private));
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    ++delivered_[static_cast<size_t>(topic)];
    outage_.Over();
  } else if (KafkaBlamesTheBatch(message.err) && !alone_) {
    KeepForAgain(topic, message);
  } else {
    Refused({topic, message.partition, message.len, 0, message.err});
  }
}

void KafkaSink::ReportOutage() {
  if (!callbacks_.log) return;
  if (std::optional<std::string> message = outage_.Report(absl::Now())) {
    callbacks_.log(kKafkaLogError, absl::StrCat("outputs wait: ", *message));
  }
}

absl::Status KafkaSink::AwaitDeliveries() {
  absl::Status status = AwaitInFlight();
  // Unavailable in between: the next call goes on with the one that is under way.
  while (status.ok() && (alone_ || again_next_ < again_.size())) {
    if (!alone_) {
      alone_ = true;
      status = Produce(again_[again_next_]);
      if (status.ok()) status = AwaitInFlight();
      continue;
    }
    alone_ = false;
    ++again_next_;
  }
  if (!status.ok()) return status;
  again_.Clear();
  again_next_ = 0;
  return absl::OkStatus();
}

absl::Status KafkaSink::AwaitInFlight() {
  const absl::Time deadline = absl::Now() + kDeliveryLimit;
  while (in_flight_ > 0 && fatal_.ok()) {
    if (absl::Now() >= deadline) {
      return absl::UnavailableError(
          absl::StrCat(in_flight_, " outputs not acknowledged yet: ",
                       outage_.ongoing() ? outage_.Message() : "the broker is slow"));
    }
    rd_kafka_flush(kafka_.get(), 100);
    ReleaseHeld();
  }
  return fatal_;
}

absl::Status KafkaSink::DeliverState() {
  for (; state_produced_ < state_.size(); ++state_produced_) {
    absl::Status status = Produce(state_[state_produced_]);
    if (!status.ok()) return status;
  }
  absl::Status status = AwaitDeliveries();
  if (!status.ok()) return status;
  state_.Clear();
  state_produced_ = 0;
  return absl::OkStatus();
}

absl::Status KafkaSink::Commit(const Positions& positions) {
  absl::Status status = AwaitDeliveries();
  if (status.ok() && !state_.empty()) status = DeliverState();
  if (!status.ok()) return status;
  return source_->CommitPositions(positions);
}

void KafkaSink::Forget(absl::Span<const int32_t> partitions) {
  publish::OutputBatch kept;
  for (size_t i = state_produced_; i < state_.size(); ++i) {
    if (!Contains(partitions, state_[i].partition)) kept.AppendFrom(state_, i);
  }
  std::swap(state_, kept);
  state_produced_ = 0;
  in_flight_ -= static_cast<int64_t>(topics_.Forget(partitions));
}

}  // namespace peakend::runtime
