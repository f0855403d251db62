// Whether the cluster can be used, and one clear sentence when it can not.
//
// librdkafka reports an outage in many small errors and never its end. This
// collects the errors, keeps the most telling one, and says one message at once
// and then every 30 s. The owner proves the end of an outage by a request.
//
// Thread-safety: one owner. Time is an argument.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_OUTAGE_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_OUTAGE_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "peakend/v1/config.pb.h"
#include "processors/runtime/kafka_handle.h"

namespace peakend::runtime {

class KafkaOutage {
 public:
  explicit KafkaOutage(const v1::KafkaConfig& kafka);

  // An error of the client, with librdkafka's own words for it.
  void Saw(rd_kafka_resp_err_t error, std::string_view reason);
  // A broker answered: connections are fine. A refused topic or group stays.
  void BrokerAnswered();
  // A partition was assigned, a record came or was delivered: all is fine.
  void Over();

  // True from the first error that means "no broker at all" or "not allowed".
  bool ongoing() const { return unreachable_ || !refusal_.empty(); }
  // Only connections are in doubt, so a broker's answer would end it.
  bool needs_probe() const { return unreachable_; }

  // What to say at `now`; nothing when all is fine or it was said less than 30 s
  // ago.
  std::optional<std::string> Report(absl::Time now);
  // The current sentence: broker, protocol, likely cause.
  std::string Message() const;

 private:
  std::string servers_;
  std::string protocol_;
  std::string mechanism_;
  bool unreachable_ = false;
  rd_kafka_resp_err_t cause_ = RD_KAFKA_RESP_ERR_NO_ERROR;
  std::string reason_;
  std::string refusal_;  // a topic or group that we may not use; empty = none
  absl::Time said_at_ = absl::InfinitePast();
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_OUTAGE_H_
