// Where partitions begin and end, asked of their leaders at this moment.
//
// Not by rd_kafka_query_watermark_offsets: librdkafka 2.0.2 ignores its time limit
// once a leader is known and waits for the socket's (a minute). And not by a client
// that also fetches: a broker answers one request of a connection after the other, so
// the question would wait for an empty fetch to end.
//
// Thread-safety: one thread.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_OFFSETS_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_OFFSETS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "peakend/v1/config.pb.h"
#include "processors/runtime/kafka_client.h"
#include "processors/runtime/kafka_handle.h"

namespace peakend::runtime {

enum class KafkaEdge {
  kFirst,       // the first offset that the log still holds
  kBehindLast,  // the last stable offset for a client that reads committed records
                // only, else the high watermark
};

// By partition. Errors: Unavailable = no answer within `limit`, ask again; NotFound =
// no such topic or partition, and that for all of `limit`: a broker that has just
// started does not know its topics yet; PermissionDenied.
absl::StatusOr<std::map<int32_t, int64_t>> AskKafkaOffsets(rd_kafka_t* kafka,
                                                           const std::string& topic,
                                                           absl::Span<const int32_t> partitions,
                                                           KafkaEdge edge, absl::Duration limit);

// By partition the offset of the first record that was stamped at `time` or later; a partition
// where there is none is left out. Errors as above.
absl::StatusOr<std::map<int32_t, int64_t>> AskKafkaOffsetsAt(rd_kafka_t* kafka,
                                                             const std::string& topic,
                                                             absl::Span<const int32_t> partitions,
                                                             absl::Time time, absl::Duration limit);

// A client that does nothing else.
class KafkaOffsets {
 public:
  // Counts records of open transactions too: kBehindLast is the high watermark.
  // Connects in the background. Errors: InvalidArgument = the configuration.
  static absl::StatusOr<std::unique_ptr<KafkaOffsets>> Open(const v1::Config& config, KafkaLog log);
  // Counts committed records only: kBehindLast is the last stable offset.
  static absl::StatusOr<std::unique_ptr<KafkaOffsets>> OpenCommitted(const v1::Config& config,
                                                                     KafkaLog log);

  absl::StatusOr<std::map<int32_t, int64_t>> Ask(const std::string& topic,
                                                 absl::Span<const int32_t> partitions,
                                                 KafkaEdge edge, absl::Duration limit);
  // As AskKafkaOffsetsAt.
  absl::StatusOr<std::map<int32_t, int64_t>> AskAt(const std::string& topic,
                                                   absl::Span<const int32_t> partitions,
                                                   absl::Time time, absl::Duration limit);

 private:
  KafkaOffsets() = default;
  static absl::StatusOr<std::unique_ptr<KafkaOffsets>> OpenAs(KafkaRole role,
                                                              const v1::Config& config,
                                                              KafkaLog log);

  KafkaCallbacks callbacks_;
  KafkaHandle kafka_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_OFFSETS_H_
