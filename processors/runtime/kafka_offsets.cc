#include "processors/runtime/kafka_offsets.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace peakend::runtime {
namespace {

// The client believes for 100 ms what a broker said of a topic that it does not know.
constexpr absl::Duration kUntilBelievedNoMore = absl::Milliseconds(150);

// What a broker says of a partition that it has just been given, or was given before it started:
// that there is none, or that another leads it. The client asks anew for neither.
bool MayKnowLater(const absl::Status& status) {
  return absl::IsNotFound(status) || absl::IsUnavailable(status);
}

// By partition; negative = the broker has no such offset. `time` = milliseconds or an edge.
absl::StatusOr<std::map<int32_t, int64_t>> AskOnce(rd_kafka_t* kafka, const std::string& topic,
                                                   absl::Span<const int32_t> partitions,
                                                   int64_t time, absl::Duration limit) {
  const KafkaPartitions list(
      rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
  for (const int32_t partition : partitions) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset = time;
  }
  const std::string what = absl::StrCat("cannot ask for offsets of ", topic);
  const rd_kafka_resp_err_t error =
      rd_kafka_offsets_for_times(kafka, list.get(), KafkaMilliseconds(limit));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaStatus(error, what);
  std::map<int32_t, int64_t> offsets;
  for (int i = 0; i < list->cnt; ++i) {
    const rd_kafka_topic_partition_t& entry = list->elems[i];
    if (entry.err != RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaStatus(entry.err, what);
    offsets[entry.partition] = entry.offset;
  }
  return offsets;
}

absl::StatusOr<std::map<int32_t, int64_t>> AskPatiently(rd_kafka_t* kafka, const std::string& topic,
                                                        absl::Span<const int32_t> partitions,
                                                        int64_t time, absl::Duration limit) {
  const absl::Time deadline = absl::Now() + limit;
  while (true) {
    auto offsets = AskOnce(kafka, topic, partitions, time, deadline - absl::Now());
    const absl::Time again_at = absl::Now() + kUntilBelievedNoMore;
    if (!MayKnowLater(offsets.status()) || again_at >= deadline) return offsets;
    absl::SleepFor(kUntilBelievedNoMore);
  }
}

}  // namespace

absl::StatusOr<std::map<int32_t, int64_t>> AskKafkaOffsets(rd_kafka_t* kafka,
                                                           const std::string& topic,
                                                           absl::Span<const int32_t> partitions,
                                                           KafkaEdge edge, absl::Duration limit) {
  // Kafka's ListOffsets has two special times that mean the edges.
  const int64_t time = edge == KafkaEdge::kFirst ? RD_KAFKA_OFFSET_BEGINNING : RD_KAFKA_OFFSET_END;
  auto offsets = AskPatiently(kafka, topic, partitions, time, limit);
  if (!offsets.ok()) return offsets;
  for (const auto& [partition, offset] : *offsets) {
    if (offset >= 0) continue;
    return absl::UnavailableError(absl::StrCat("cannot ask for offsets of ", topic, ": no answer"));
  }
  return offsets;
}

absl::StatusOr<std::map<int32_t, int64_t>> AskKafkaOffsetsAt(rd_kafka_t* kafka,
                                                             const std::string& topic,
                                                             absl::Span<const int32_t> partitions,
                                                             absl::Time time,
                                                             absl::Duration limit) {
  // What is negative means an edge.
  const int64_t time_ms = std::max<int64_t>(0, absl::ToUnixMillis(time));
  auto offsets = AskPatiently(kafka, topic, partitions, time_ms, limit);
  if (!offsets.ok()) return offsets;
  std::erase_if(*offsets, [](const auto& entry) { return entry.second < 0; });
  return offsets;
}

absl::StatusOr<std::unique_ptr<KafkaOffsets>> KafkaOffsets::Open(const v1::Config& config,
                                                                 KafkaLog log) {
  return OpenAs(KafkaRole::kOffsets, config, std::move(log));
}

absl::StatusOr<std::unique_ptr<KafkaOffsets>> KafkaOffsets::OpenCommitted(const v1::Config& config,
                                                                          KafkaLog log) {
  return OpenAs(KafkaRole::kReader, config, std::move(log));
}

absl::StatusOr<std::unique_ptr<KafkaOffsets>> KafkaOffsets::OpenAs(KafkaRole role,
                                                                   const v1::Config& config,
                                                                   KafkaLog log) {
  std::unique_ptr<KafkaOffsets> offsets(new KafkaOffsets());
  offsets->callbacks_.log = std::move(log);
  absl::StatusOr<KafkaHandle> kafka = OpenKafka(role, config, &offsets->callbacks_);
  if (!kafka.ok()) return kafka.status();
  offsets->kafka_ = std::move(*kafka);
  return offsets;
}

absl::StatusOr<std::map<int32_t, int64_t>> KafkaOffsets::Ask(const std::string& topic,
                                                             absl::Span<const int32_t> partitions,
                                                             KafkaEdge edge, absl::Duration limit) {
  // Errors of connections queue up until they are taken.
  rd_kafka_poll(kafka_.get(), 0);
  return AskKafkaOffsets(kafka_.get(), topic, partitions, edge, limit);
}

absl::StatusOr<std::map<int32_t, int64_t>> KafkaOffsets::AskAt(const std::string& topic,
                                                               absl::Span<const int32_t> partitions,
                                                               absl::Time time,
                                                               absl::Duration limit) {
  rd_kafka_poll(kafka_.get(), 0);
  return AskKafkaOffsetsAt(kafka_.get(), topic, partitions, time, limit);
}

}  // namespace peakend::runtime
