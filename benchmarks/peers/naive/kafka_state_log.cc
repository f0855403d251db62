#include "benchmarks/peers/naive/kafka_state_log.h"

#include <array>
#include <memory>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

namespace peakend::peers {
namespace {

constexpr int kWaitMs = 30'000;
constexpr int kPollMs = 100;

template <typename T, void (*destroy)(T*)>
struct Destroy {
  void operator()(T* pointer) const { destroy(pointer); }
};
template <typename T, void (*destroy)(T*)>
using Owned = std::unique_ptr<T, Destroy<T, destroy>>;

using List = Owned<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy>;
using Message = Owned<rd_kafka_message_t, rd_kafka_message_destroy>;

absl::Status Failed(const std::string& what, rd_kafka_resp_err_t code) {
  return absl::UnavailableError(absl::StrCat(what, ": ", rd_kafka_err2str(code)));
}

void ReadRecord(const rd_kafka_message_t& message, Customers& customers) {
  CustomerState record;
  if (!record.ParseFromArray(message.payload, static_cast<int>(message.len))) return;
  customers[std::string(static_cast<const char*>(message.key), message.key_len)] =
      FromRecord(record);
}

// Reads until every partition has said that it has no more.
absl::Status ReadToEnd(rd_kafka_t* reader, int partitions, Customers& customers) {
  absl::flat_hash_set<int32_t> at_end;
  while (at_end.size() < static_cast<size_t>(partitions)) {
    const Message message(rd_kafka_consumer_poll(reader, kPollMs));
    if (message == nullptr) continue;
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      at_end.insert(message->partition);
    } else if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return Failed("reading the state log", message->err);
    } else {
      ReadRecord(*message, customers);
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<int> PartitionCount(rd_kafka_t* client, const std::string& topic) {
  using Metadata = Owned<const rd_kafka_metadata_t, rd_kafka_metadata_destroy>;
  const Owned<rd_kafka_topic_t, rd_kafka_topic_destroy> handle(
      rd_kafka_topic_new(client, topic.c_str(), nullptr));
  const rd_kafka_metadata_t* raw = nullptr;
  const auto code = rd_kafka_metadata(client, 0, handle.get(), &raw, kWaitMs);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return Failed("asking for topics", code);
  const Metadata metadata(raw);
  const rd_kafka_metadata_topic_t& found = metadata->topics[0];
  if (found.err != RD_KAFKA_RESP_ERR_NO_ERROR) return Failed(topic, found.err);
  return found.partition_cnt;
}

absl::Status CreateStateLog(rd_kafka_t* client, const std::string& topic, int partitions) {
  std::array<char, 256> error{};
  Owned<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy> wanted(
      rd_kafka_NewTopic_new(topic.c_str(), partitions, 1, error.data(), error.size()));
  if (wanted == nullptr) return absl::InvalidArgumentError(error.data());
  rd_kafka_NewTopic_set_config(wanted.get(), "cleanup.policy", "compact");
  const Owned<rd_kafka_queue_t, rd_kafka_queue_destroy> answers(rd_kafka_queue_new(client));
  rd_kafka_NewTopic_t* topics[] = {wanted.get()};
  rd_kafka_CreateTopics(client, topics, 1, nullptr, answers.get());
  const Owned<rd_kafka_event_t, rd_kafka_event_destroy> event(
      rd_kafka_queue_poll(answers.get(), kWaitMs));
  if (event == nullptr) return absl::DeadlineExceededError("the broker created no state log");
  size_t count = 0;
  const auto* result = rd_kafka_event_CreateTopics_result(event.get());
  if (result == nullptr) return Failed("creating the state log", rd_kafka_event_error(event.get()));
  const auto* const* created = rd_kafka_CreateTopics_result_topics(result, &count);
  const auto code = rd_kafka_topic_result_error(created[0]);
  const bool there =
      code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS;
  return there ? absl::OkStatus() : Failed("creating the state log", code);
}

absl::StatusOr<Customers> ReadStateLog(rd_kafka_t* reader, const std::string& topic,
                                       int partitions) {
  const List list(rd_kafka_topic_partition_list_new(partitions));
  for (int p = 0; p < partitions; ++p) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), p)->offset =
        RD_KAFKA_OFFSET_BEGINNING;
  }
  const auto code = rd_kafka_assign(reader, list.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return Failed("assigning the state log", code);
  Customers customers;
  const absl::Status read = ReadToEnd(reader, partitions, customers);
  rd_kafka_assign(reader, nullptr);
  if (!read.ok()) return read;
  return customers;
}

}  // namespace peakend::peers
