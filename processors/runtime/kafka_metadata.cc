#include "processors/runtime/kafka_metadata.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "processors/runtime/kafka_client.h"

namespace peakend::runtime {
namespace {

// Short, so that librdkafka's own words about a failure are collected in between.
constexpr absl::Duration kTry = absl::Milliseconds(500);
// A broker that starts right now gets this long, even when all refuse.
constexpr absl::Duration kLeast = absl::Seconds(2);

}  // namespace

absl::StatusOr<KafkaMetadata> KafkaClusterMetadata(rd_kafka_t* kafka, KafkaOutage* outage,
                                                   absl::Duration limit) {
  const absl::Time begin = absl::Now();
  const absl::Time deadline = begin + limit;
  while (true) {
    const absl::Duration left = std::max(deadline - absl::Now(), absl::Milliseconds(1));
    const rd_kafka_metadata_t* answer = nullptr;
    const rd_kafka_resp_err_t error =
        rd_kafka_metadata(kafka, 1, nullptr, &answer, KafkaMilliseconds(std::min(left, kTry)));
    KafkaMetadata metadata(answer);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      outage->BrokerAnswered();
      return metadata;
    }
    rd_kafka_poll(kafka, 0);
    const absl::Time now = absl::Now();
    if (now < deadline && !(outage->ongoing() && now >= begin + kLeast)) continue;
    outage->Saw(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, rd_kafka_err2str(error));
    return absl::UnavailableError(outage->Message());
  }
}

}  // namespace peakend::runtime
