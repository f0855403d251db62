#include "processors/runtime/kafka_client.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"

namespace peakend::runtime {
namespace {

constexpr int kDebug = 7;

KafkaCallbacks& Callbacks(void* opaque) { return *static_cast<KafkaCallbacks*>(opaque); }

void OnLog(const rd_kafka_t* kafka, int level, const char* facility, const char* text) {
  const KafkaCallbacks& callbacks = Callbacks(rd_kafka_opaque(kafka));
  if (!callbacks.log) return;
  const std::string_view line(text);
  // kafka.properties go to every client, so each ignores some of them.
  if (line.find("and will be ignored by this") != std::string_view::npos) return;
  // A failed connection is told once, in KafkaOutage's words.
  const bool connection = std::string_view(facility) == "FAIL";
  callbacks.log(connection ? kDebug : level, absl::StrCat("librdkafka ", facility, ": ", text));
}

void OnError(rd_kafka_t*, int error, const char* reason, void* opaque) {
  const KafkaCallbacks& callbacks = Callbacks(opaque);
  if (callbacks.error) callbacks.error(static_cast<rd_kafka_resp_err_t>(error), reason);
}

void OnDelivered(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  const KafkaCallbacks& callbacks = Callbacks(opaque);
  if (callbacks.delivered) callbacks.delivered(*message);
}

void OnRebalance(rd_kafka_t*, rd_kafka_resp_err_t event,
                 rd_kafka_topic_partition_list_t* partitions, void* opaque) {
  Callbacks(opaque).rebalance(event, partitions);
}

// True on threads that write requests: they are also the ones that read answers.
bool& SentHere() {
  thread_local bool sent = false;
  return sent;
}

rd_kafka_resp_err_t OnRequestSent(rd_kafka_t*, int, const char*, int32_t, int16_t api_key, int16_t,
                                  int32_t, size_t, void* opaque) {
  SentHere() = true;
  Callbacks(opaque).requested(api_key);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

// Also called for requests that will have no answer, then with an error of
// librdkafka's own; and once more for the same answer when it went to another
// thread of the client, with nothing to tell the two calls apart but the thread.
rd_kafka_resp_err_t OnResponse(rd_kafka_t*, int, const char*, int32_t, int16_t api_key, int16_t,
                               int32_t, size_t, int64_t, rd_kafka_resp_err_t error, void* opaque) {
  if (SentHere() && error == RD_KAFKA_RESP_ERR_NO_ERROR) Callbacks(opaque).answered(api_key);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

// Interceptors of requests belong to a client, and it must not run yet.
rd_kafka_resp_err_t OnNew(rd_kafka_t* kafka, const rd_kafka_conf_t*, void* opaque, char*, size_t) {
  constexpr char kName[] = "peakend";
  const rd_kafka_resp_err_t error =
      rd_kafka_interceptor_add_on_request_sent(kafka, kName, OnRequestSent, opaque);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return error;
  return rd_kafka_interceptor_add_on_response_received(kafka, kName, OnResponse, opaque);
}

rd_kafka_type_t Type(KafkaRole role) {
  switch (role) {
    case KafkaRole::kWorker:
    case KafkaRole::kReader:
    case KafkaRole::kSampler:
    case KafkaRole::kOffsets:
    // When a coordinator moves, librdkafka 2.0 asks the client's own group for the new one, and
    // dies in a client that has none.
    case KafkaRole::kGroup:
      return RD_KAFKA_CONSUMER;
    case KafkaRole::kProducer:
    case KafkaRole::kTransactionalProducer:
    case KafkaRole::kAdmin:
      break;
  }
  return RD_KAFKA_PRODUCER;
}

void SetCallbacks(KafkaRole role, KafkaCallbacks* callbacks, rd_kafka_conf_t* conf) {
  rd_kafka_conf_set_opaque(conf, callbacks);
  rd_kafka_conf_set_log_cb(conf, OnLog);
  rd_kafka_conf_set_error_cb(conf, OnError);
  if (role == KafkaRole::kProducer || role == KafkaRole::kTransactionalProducer) {
    // Without it the end of a transaction waits for a poll's quantum of 10 ms.
    rd_kafka_conf_set_dr_msg_cb(conf, OnDelivered);
  }
  if (role == KafkaRole::kWorker) rd_kafka_conf_set_rebalance_cb(conf, OnRebalance);
  if (callbacks->requested) {
    rd_kafka_conf_interceptor_add_on_new(conf, "peakend", OnNew, callbacks);
  }
}

}  // namespace

absl::StatusOr<KafkaHandle> OpenKafka(KafkaRole role, const v1::Config& config,
                                      KafkaCallbacks* callbacks,
                                      const std::string& transactional_id) {
  absl::StatusOr<KafkaConf> conf = KafkaSettings(role, config, transactional_id);
  if (!conf.ok()) return conf.status();
  SetCallbacks(role, callbacks, conf->get());
  std::array<char, 512> error{};
  KafkaHandle kafka(rd_kafka_new(Type(role), conf->get(), error.data(), error.size()));
  if (kafka == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("Kafka client: ", error.data()));
  }
  static_cast<void>(conf->release());  // rd_kafka_new took it over
  return kafka;
}

absl::Status KafkaStatus(rd_kafka_resp_err_t error, const std::string& what) {
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
  const std::string message = absl::StrCat(what, ": ", rd_kafka_err2str(error));
  switch (error) {
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
    case RD_KAFKA_RESP_ERR__WAIT_COORD:
    case RD_KAFKA_RESP_ERR__WAIT_CACHE:
    case RD_KAFKA_RESP_ERR__IN_PROGRESS:
    case RD_KAFKA_RESP_ERR__RETRY:
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
    case RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
    case RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_COORDINATOR:
    case RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT:
      return absl::UnavailableError(message);
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
      return absl::NotFoundError(message);
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
      return absl::PermissionDeniedError(message);
    default:
      return absl::FailedPreconditionError(message);
  }
}

int KafkaMilliseconds(absl::Duration duration) {
  const int64_t milliseconds =
      absl::ToInt64Milliseconds(absl::Ceil(duration, absl::Milliseconds(1)));
  return static_cast<int>(std::clamp<int64_t>(milliseconds, 0, std::numeric_limits<int>::max()));
}

}  // namespace peakend::runtime
