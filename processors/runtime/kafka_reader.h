// Reads one topic from an offset towards its end, outside of any group: for
// `peakend tail` and tests. Sees committed records only.
//
// Thread-safety: one thread.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_READER_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_READER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
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

  // The same of one partition, from `start`: kBeginning, kEnd or an offset. Errors besides:
  // NotFound = the topic has no such partition.
  static absl::StatusOr<std::unique_ptr<KafkaReader>> OpenPartition(const v1::Config& config,
                                                                    const std::string& topic,
                                                                    int32_t partition,
                                                                    int64_t start, KafkaLog log,
                                                                    absl::Duration limit);

  // The first offset of a partition whose record has the broker timestamp `time_ms` or a later
  // one; kEnd when none has. Errors: Unavailable = no answer within `limit`.
  absl::StatusOr<int64_t> OffsetAt(const std::string& topic, int32_t partition, int64_t time_ms,
                                   absl::Duration limit);

  // Up to `max_records` records, waiting at most `wait` for them; per partition in
  // offset order. Empty = nothing new. Errors as KafkaSource::Poll.
  absl::StatusOr<std::vector<StoredRecord>> Read(absl::Duration wait, size_t max_records);

  int partitions() const { return partitions_; }
  // True when the end of every partition that is read was seen and nothing came after it.
  bool at_end() const { return ended_ == assigned_; }
  // The same of one partition.
  bool at_end(int32_t partition) const { return at_end_[static_cast<size_t>(partition)]; }
  // Nothing more of `partition` is fetched; what was fetched already may still come.
  void Pause(int32_t partition);

 private:
  explicit KafkaReader(const v1::KafkaConfig& kafka) : outage_(kafka) {}
  absl::StatusOr<int> CountPartitions(const std::string& topic, absl::Duration limit);
  static absl::StatusOr<std::unique_ptr<KafkaReader>> Connect(const v1::Config& config,
                                                              const std::string& topic,
                                                              KafkaLog log, absl::Duration limit);
  // By partition, from where on.
  absl::Status Assign(const std::string& topic, const std::map<int32_t, int64_t>& starts);
  void Take(const rd_kafka_message_t& message, std::vector<StoredRecord>* records);

  KafkaCallbacks callbacks_;
  KafkaOutage outage_;
  int partitions_ = 0;
  int assigned_ = 0;  // that are read
  int ended_ = 0;
  std::vector<bool> at_end_;  // by partition
  std::string topic_;

  KafkaHandle kafka_;
  KafkaQueue queue_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_READER_H_
