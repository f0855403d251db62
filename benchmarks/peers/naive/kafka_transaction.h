// A transactional producer of plain librdkafka, for one thread: the outputs, the
// state and the offsets of one interval become visible together or not at all.
#ifndef PEAKEND_BENCHMARKS_PEERS_NAIVE_KAFKA_TRANSACTION_H_
#define PEAKEND_BENCHMARKS_PEERS_NAIVE_KAFKA_TRANSACTION_H_

#include <librdkafka/rdkafka.h>

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace peakend::peers {

// Invariant: between Begin and Commit there is one open transaction, else none. After
// an error nothing is known of it: end the process, the next one begins at what is
// committed.
class KafkaTransaction {
 public:
  // Both clients stay the caller's and outlive this.
  KafkaTransaction(rd_kafka_t* producer, rd_kafka_t* consumer)
      : producer_(producer), consumer_(consumer) {}

  // Fences off and ends what an earlier process of the same transactional id left open.
  absl::Status Init();
  absl::Status Begin();
  // Copies key and value. Waits where the producer's queue is full.
  absl::Status Write(rd_kafka_topic_t* topic, std::string_view key, std::string_view value);
  // `next` holds for each partition of `input` the offset to go on at; -1 = none read.
  absl::Status Commit(const std::string& input, const std::vector<int64_t>& next);

  bool open() const { return open_; }

 private:
  rd_kafka_t* producer_;
  rd_kafka_t* consumer_;
  bool open_ = false;
};

}  // namespace peakend::peers

#endif  // PEAKEND_BENCHMARKS_PEERS_NAIVE_KAFKA_TRANSACTION_H_
