#include "processors/runtime/kafka_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "processors/runtime/kafka_metadata.h"
#include "processors/runtime/kafka_record.h"

namespace peakend::runtime {
namespace {

StoredRecord Copy(const rd_kafka_message_t& message) {
  const InputRecord view = ViewOf(message);
  StoredRecord record;
  record.partition = view.partition;
  record.offset = view.offset;
  record.timestamp_ms = view.timestamp_ms;
  if (view.has_key) record.key = std::string(view.key);
  if (view.has_value) record.value = std::string(view.value);
  record.headers = HeadersOf(message);
  return record;
}

}  // namespace

absl::StatusOr<std::unique_ptr<KafkaReader>> KafkaReader::Open(const v1::Config& config,
                                                               const std::string& topic,
                                                               int64_t start, KafkaLog log,
                                                               absl::Duration limit) {
  const auto starts = [start](int32_t partitions) -> absl::StatusOr<std::vector<int64_t>> {
    return std::vector<int64_t>(static_cast<size_t>(partitions),
                                start == kEnd ? int64_t{RD_KAFKA_OFFSET_END} : start);
  };
  return OpenAt(config, topic, starts, std::move(log), limit);
}

absl::StatusOr<std::unique_ptr<KafkaReader>> KafkaReader::Connect(const v1::Config& config,
                                                                  const std::string& topic,
                                                                  KafkaLog log,
                                                                  absl::Duration limit) {
  std::unique_ptr<KafkaReader> reader(new KafkaReader(config.kafka()));
  KafkaReader* self = reader.get();
  reader->callbacks_.log = std::move(log);
  reader->callbacks_.error = [self](rd_kafka_resp_err_t error, std::string_view reason) {
    self->outage_.Saw(error, reason);
  };
  absl::StatusOr<KafkaHandle> kafka = OpenKafka(KafkaRole::kReader, config, &reader->callbacks_);
  if (!kafka.ok()) return kafka.status();
  reader->kafka_ = std::move(*kafka);
  absl::StatusOr<int> partitions = reader->CountPartitions(topic, limit);
  if (!partitions.ok()) return partitions.status();
  reader->partitions_ = *partitions;
  reader->at_end_.resize(static_cast<size_t>(*partitions));
  return reader;
}

absl::StatusOr<std::unique_ptr<KafkaReader>> KafkaReader::OpenAt(const v1::Config& config,
                                                                 const std::string& topic,
                                                                 const Starts& starts, KafkaLog log,
                                                                 absl::Duration limit) {
  auto reader = Connect(config, topic, std::move(log), limit);
  if (!reader.ok()) return reader;
  const absl::StatusOr<std::vector<int64_t>> offsets = starts((*reader)->partitions_);
  if (!offsets.ok()) return offsets.status();
  std::map<int32_t, int64_t> of_all;
  for (const int64_t offset : *offsets) of_all.emplace(static_cast<int32_t>(of_all.size()), offset);
  absl::Status assigned = (*reader)->Assign(topic, of_all);
  if (!assigned.ok()) return assigned;
  return reader;
}

absl::StatusOr<std::unique_ptr<KafkaReader>> KafkaReader::OpenPartition(const v1::Config& config,
                                                                        const std::string& topic,
                                                                        int32_t partition,
                                                                        int64_t start, KafkaLog log,
                                                                        absl::Duration limit) {
  auto reader = Connect(config, topic, std::move(log), limit);
  if (!reader.ok()) return reader;
  if (partition < 0 || partition >= (*reader)->partitions_) {
    return absl::NotFoundError(absl::StrCat("topic `", topic, "` has no partition ", partition,
                                            ": it has 0 to ", (*reader)->partitions_ - 1));
  }
  absl::Status assigned =
      (*reader)->Assign(topic, {{partition, start == kEnd ? int64_t{RD_KAFKA_OFFSET_END} : start}});
  if (!assigned.ok()) return assigned;
  return reader;
}

absl::StatusOr<int64_t> KafkaReader::OffsetAt(const std::string& topic, int32_t partition,
                                              int64_t time_ms, absl::Duration limit) {
  const KafkaPartitions list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset = time_ms;
  const rd_kafka_resp_err_t error =
      rd_kafka_offsets_for_times(kafka_.get(), list.get(), KafkaMilliseconds(limit));
  const std::string what = absl::StrCat("cannot find a time in ", topic);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return absl::UnavailableError(absl::StrCat(what, ": ", rd_kafka_err2str(error)));
  }
  const rd_kafka_topic_partition_t& found = list->elems[0];
  if (found.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return absl::UnavailableError(absl::StrCat(what, ": ", rd_kafka_err2str(found.err)));
  }
  return found.offset == RD_KAFKA_OFFSET_END ? kEnd : found.offset;
}

absl::StatusOr<int> KafkaReader::CountPartitions(const std::string& topic, absl::Duration limit) {
  absl::StatusOr<KafkaMetadata> metadata = KafkaClusterMetadata(kafka_.get(), &outage_, limit);
  if (!metadata.ok()) return metadata.status();
  for (int i = 0; i < (*metadata)->topic_cnt; ++i) {
    const rd_kafka_metadata_topic_t& entry = (*metadata)->topics[i];
    if (topic == entry.topic && entry.partition_cnt > 0) return entry.partition_cnt;
  }
  return absl::NotFoundError(absl::StrCat("topic `", topic, "` does not exist"));
}

absl::Status KafkaReader::Assign(const std::string& topic,
                                 const std::map<int32_t, int64_t>& starts) {
  topic_ = topic;
  rd_kafka_poll_set_consumer(kafka_.get());
  queue_.reset(rd_kafka_queue_get_consumer(kafka_.get()));
  assigned_ = static_cast<int>(starts.size());
  const KafkaPartitions list(rd_kafka_topic_partition_list_new(assigned_));
  for (const auto& [partition, start] : starts) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset = start;
  }
  return KafkaStatus(rd_kafka_assign(kafka_.get(), list.get()),
                     absl::StrCat("cannot read ", topic));
}

void KafkaReader::Pause(int32_t partition) {
  const KafkaPartitions list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), topic_.c_str(), partition);
  rd_kafka_pause_partitions(kafka_.get(), list.get());
}

absl::StatusOr<std::vector<StoredRecord>> KafkaReader::Read(absl::Duration wait,
                                                            size_t max_records) {
  std::vector<rd_kafka_message_t*> messages(max_records);
  const ssize_t count = rd_kafka_consume_batch_queue(queue_.get(), KafkaMilliseconds(wait),
                                                     messages.data(), max_records);
  std::vector<StoredRecord> records;
  for (ssize_t i = 0; i < count; ++i) {
    const KafkaMessage message(messages[static_cast<size_t>(i)]);
    Take(*message, &records);
  }
  if (count > 0) outage_.Over();
  if (std::optional<std::string> message = outage_.Report(absl::Now())) {
    return absl::UnavailableError(*message);
  }
  return records;
}

void KafkaReader::Take(const rd_kafka_message_t& message, std::vector<StoredRecord>* records) {
  const auto partition = static_cast<size_t>(message.partition);
  const bool ended = message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR && !ended) {
    outage_.Saw(message.err, rd_kafka_message_errstr(&message));
    return;
  }
  if (partition >= at_end_.size()) return;
  if (!ended) records->push_back(Copy(message));
  at_end_[partition] = ended;
  ended_ = static_cast<int>(std::count(at_end_.begin(), at_end_.end(), true));
}

}  // namespace peakend::runtime
