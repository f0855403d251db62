// Reads one topic from an offset towards its end, outside of any group: for
// `peakend tail` and tests. Sees committed records only.
//
// Thread-safety: one thread.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_READER_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_READER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "peakend/v1/config.pb.h"
#include "processors/publish/output.h"
#include "processors/runtime/kafka_client.h"
#include "processors/runtime/kafka_outage.h"
#include "processors/runtime/source.h"

namespace peakend::runtime {

// A record that owns its bytes. A null key or value is no value.
struct StoredRecord {
  int32_t partition = 0;
  int64_t offset = 0;
  int64_t timestamp_ms = 0;  // 0 = none
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::vector<publish::Header> headers;
};

// Beside kBeginning: only what comes after now.
inline constexpr int64_t kEnd = -1;

class KafkaReader {
 public:
  // Reads all partitions of `topic` from `start`: kBeginning, kEnd or an offset (of
  // each partition). Asks the cluster for at most `limit`. Errors: InvalidArgument
  // = the configuration; Unavailable names broker, protocol and likely cause;
  // NotFound = no such topic.
  static absl::StatusOr<std::unique_ptr<KafkaReader>> Open(const v1::Config& config,
                                                           const std::string& topic, int64_t start,
                                                           KafkaLog log, absl::Duration limit);

  // The same from chosen offsets: `starts` is told how many partitions there are and answers
  // with one offset of each; its errors are passed on.
  using Starts = std::function<absl::StatusOr<std::vector<int64_t>>(int32_t partitions)>;
  static absl::StatusOr<std::unique_ptr<KafkaReader>> OpenAt(const v1::Config& config,
                                                             const std::string& topic,
                                                             const Starts& starts, KafkaLog log,
                                                             absl::Duration limit);

  // Up to `max_records` records, waiting at most `wait` for them; per partition in
  // offset order. Empty = nothing new. Errors as KafkaSource::Poll.
  absl::StatusOr<std::vector<StoredRecord>> Read(absl::Duration wait, size_t max_records);

  // True when the end of every partition was seen and nothing came after it.
  bool at_end() const { return ended_ == partitions_; }
  // The same of one partition.
  bool at_end(int32_t partition) const { return at_end_[static_cast<size_t>(partition)]; }
  // Nothing more of `partition` is fetched; what was fetched already may still come.
  void Pause(int32_t partition);

 private:
  explicit KafkaReader(const v1::KafkaConfig& kafka) : outage_(kafka) {}
  absl::StatusOr<int> CountPartitions(const std::string& topic, absl::Duration limit);
  absl::Status Assign(const std::string& topic, const std::vector<int64_t>& starts);
  void Take(const rd_kafka_message_t& message, std::vector<StoredRecord>* records);

  KafkaCallbacks callbacks_;
  KafkaOutage outage_;
  int partitions_ = 0;
  int ended_ = 0;
  std::vector<bool> at_end_;  // by partition
  std::string topic_;

  KafkaHandle kafka_;
  KafkaQueue queue_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_READER_H_
