#include "benchmarks/peers/naive/kafka_transaction.h"

#include <memory>

#include "absl/strings/str_cat.h"

namespace peakend::peers {
namespace {

constexpr int kInitMs = 60'000;
constexpr int kFullQueueMs = 10;

// Takes the error.
absl::Status Checked(const char* what, rd_kafka_error_t* error) {
  if (error == nullptr) return absl::OkStatus();
  absl::Status status =
      absl::UnavailableError(absl::StrCat(what, ": ", rd_kafka_error_string(error)));
  rd_kafka_error_destroy(error);
  return status;
}

}  // namespace

absl::Status KafkaTransaction::Init() {
  return Checked("init_transactions", rd_kafka_init_transactions(producer_, kInitMs));
}

absl::Status KafkaTransaction::Begin() {
  absl::Status begun = Checked("begin_transaction", rd_kafka_begin_transaction(producer_));
  open_ = begun.ok();
  return begun;
}

absl::Status KafkaTransaction::Write(rd_kafka_topic_t* topic, std::string_view key,
                                     std::string_view value) {
  // librdkafka does not write to a value that it copies.
  void* payload = const_cast<char*>(value.data());
  while (rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, payload, value.size(),
                          key.data(), key.size(), nullptr) != 0) {
    const rd_kafka_resp_err_t code = rd_kafka_last_error();
    if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      return absl::UnavailableError(absl::StrCat("produce: ", rd_kafka_err2str(code)));
    }
    rd_kafka_poll(producer_, kFullQueueMs);
  }
  return absl::OkStatus();
}

absl::Status KafkaTransaction::Commit(const std::string& input, const std::vector<int64_t>& next) {
  const std::unique_ptr<rd_kafka_topic_partition_list_t,
                        decltype(&rd_kafka_topic_partition_list_destroy)>
      offsets(rd_kafka_topic_partition_list_new(static_cast<int>(next.size())),
              rd_kafka_topic_partition_list_destroy);
  for (size_t p = 0; p < next.size(); ++p) {
    if (next[p] < 0) continue;
    rd_kafka_topic_partition_list_add(offsets.get(), input.c_str(), static_cast<int32_t>(p))
        ->offset = next[p];
  }
  const std::unique_ptr<rd_kafka_consumer_group_metadata_t,
                        decltype(&rd_kafka_consumer_group_metadata_destroy)>
      group(rd_kafka_consumer_group_metadata(consumer_), rd_kafka_consumer_group_metadata_destroy);
  // -1: librdkafka chooses how long; a commit that is given up leaves its outcome unknown.
  absl::Status sent =
      Checked("send_offsets_to_transaction",
              rd_kafka_send_offsets_to_transaction(producer_, offsets.get(), group.get(), -1));
  if (!sent.ok()) return sent;
  absl::Status committed =
      Checked("commit_transaction", rd_kafka_commit_transaction(producer_, -1));
  if (committed.ok()) open_ = false;
  return committed;
}

}  // namespace peakend::peers
