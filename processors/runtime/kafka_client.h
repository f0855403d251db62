// One librdkafka client with its callbacks as functions of ours.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_CLIENT_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_CLIENT_H_

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "peakend/v1/config.pb.h"
#include "processors/runtime/kafka_handle.h"
#include "processors/runtime/kafka_settings.h"

namespace peakend::runtime {

// What the client says about itself. `level` is syslog's (0 = emergency, 3 = error,
// 4 = warning, 6 = info, 7 = debug). Called from threads of librdkafka too, so it
// must be thread-safe. Empty = say nothing. librdkafka never writes to stderr.
using KafkaLog = std::function<void(int level, std::string_view message)>;
inline constexpr int kKafkaLogError = 3;

// What librdkafka calls back into. `log` on any thread; the others, unless
// they say so, on the thread that polls the client. Must not move and must outlive the client.
struct KafkaCallbacks {
  KafkaLog log;
  std::function<void(rd_kafka_resp_err_t error, std::string_view reason)> error;
  // The fate of a produced record.
  std::function<void(const rd_kafka_message_t& message)> delivered;
  std::function<void(rd_kafka_resp_err_t event, rd_kafka_topic_partition_list_t* partitions)>
      rebalance;
  // A request of kind `api_key` (Kafka's number) was written to a socket; its answer
  // was read. On threads of librdkafka. Both or none.
  std::function<void(int16_t api_key)> requested;
  std::function<void(int16_t api_key)> answered;
};

// Starts a client. It connects in the background: an unreachable broker is not an
// error here. Errors: those of KafkaSettings; InvalidArgument when settings
// contradict each other or a file (CA, key) cannot be used.
absl::StatusOr<KafkaHandle> OpenKafka(KafkaRole role, const v1::Config& config,
                                      KafkaCallbacks* callbacks,
                                      const std::string& transactional_id = "");

// `error` in our words: the canonical code says whether another try can help
// (Unavailable) or not.
absl::Status KafkaStatus(rd_kafka_resp_err_t error, const std::string& what);

// Milliseconds for librdkafka, rounded up so that a short wait is not none.
int KafkaMilliseconds(absl::Duration duration);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_CLIENT_H_
