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
  const absl::Status opened = sink->topics_.Open(sink->kafka_.get(), config.topics());
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
    // Behind one that waits all wait, so that their order stays.
    if (!held_.empty() || topics_.Awaits(output)) {
      held_.AppendFrom(outputs, i);
      continue;
    }
    absl::Status status = Produce(output);
    if (!status.ok()) return status;
  }
  rd_kafka_poll(kafka_.get(), 0);
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
    if (KafkaNeverTakes(error)) {
      undeliverable_.LeaveBehind(output.topic, output.partition, output.value.size(), error);
      return absl::OkStatus();
    }
    fatal_ = absl::FailedPreconditionError(
        absl::StrCat("the Kafka producer gave up: ", rd_kafka_err2str(error)));
  }
  return fatal_;
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
  } else if (KafkaNeverTakes(message.err)) {
    undeliverable_.LeaveBehind(topic, message.partition, message.len, message.err);
  } else if (fatal_.ok()) {
    // Its position must not be committed, so there is no going on.
    fatal_ = absl::FailedPreconditionError(
        absl::StrCat("the Kafka producer gave up: ", rd_kafka_err2str(message.err)));
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
  }
  return fatal_;
}

absl::Status KafkaSink::Deliver(publish::OutputBatch& held, size_t& produced) {
  for (; produced < held.size(); ++produced) {
    absl::Status status = absl::OkStatus();
    if (topics_.Awaits(held[produced])) status = AwaitDeliveries();
    if (status.ok()) status = Produce(held[produced]);
    if (!status.ok()) return status;
  }
  absl::Status status = AwaitDeliveries();
  if (!status.ok()) return status;
  held.Clear();
  produced = 0;
  return absl::OkStatus();
}

absl::Status KafkaSink::Commit(const Positions& positions) {
  absl::Status status = AwaitDeliveries();
  if (status.ok() && !held_.empty()) status = Deliver(held_, held_produced_);
  if (status.ok() && !state_.empty()) status = Deliver(state_, state_produced_);
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
}

}  // namespace peakend::runtime
