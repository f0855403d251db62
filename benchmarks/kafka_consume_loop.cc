#include "benchmarks/kafka_consume_loop.h"

#include <librdkafka/rdkafka.h>

#include <array>

#include "peakend/v1/interaction_event.pb.h"
#include "processors/runtime/kafka_client.h"
#include "processors/runtime/kafka_handle.h"
#include "processors/runtime/kafka_settings.h"

namespace peakend::benchmarks {
namespace {

constexpr int kBatch = 1000;
constexpr int kWaitMs = 5;
// 30 s without a record.
constexpr int kEmptyBatches = 30'000 / kWaitMs;

// The copy that ParseFromString's argument would make is none of the decoder's cost.
bool Parse(v1::InteractionEvent& event, const rd_kafka_message_t& message) {
  return event.ParseFromArray(message.payload, static_cast<int>(message.len));
}

}  // namespace

absl::Status RunConsumeLoop(const v1::Config& config, const std::string& topic, int partitions,
                            int64_t records, LoopWork work) {
  runtime::KafkaCallbacks callbacks;
  auto kafka = runtime::OpenKafka(runtime::KafkaRole::kWorker, config, &callbacks);
  if (!kafka.ok()) return kafka.status();
  rd_kafka_poll_set_consumer(kafka->get());
  const runtime::KafkaQueue queue(rd_kafka_queue_get_consumer(kafka->get()));
  const runtime::KafkaPartitions list(rd_kafka_topic_partition_list_new(partitions));
  for (int p = 0; p < partitions; ++p) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), p)->offset =
        RD_KAFKA_OFFSET_BEGINNING;
  }
  rd_kafka_assign(kafka->get(), list.get());

  std::array<rd_kafka_message_t*, kBatch> batch;
  v1::InteractionEvent event;
  int64_t left = records;
  int empty = 0;
  bool broken = false;
  while (left > 0 && empty < kEmptyBatches && !broken) {
    const ssize_t count =
        rd_kafka_consume_batch_queue(queue.get(), kWaitMs, batch.data(), batch.size());
    empty = count > 0 ? 0 : empty + 1;
    for (ssize_t i = 0; i < count; ++i) {
      const runtime::KafkaMessage message(batch[static_cast<size_t>(i)]);
      if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
      --left;
      if (work == LoopWork::kDecode) broken = broken || !Parse(event, *message);
    }
  }
  rd_kafka_assign(kafka->get(), nullptr);
  if (broken) return absl::DataLossError("a record cannot be parsed");
  return left > 0 ? absl::DeadlineExceededError("no record for 30 s") : absl::OkStatus();
}

}  // namespace peakend::benchmarks
