// How commands that speak to Kafka speak to people.
#ifndef PEAKEND_PROCESSORS_CLI_KAFKA_TALK_H_
#define PEAKEND_PROCESSORS_CLI_KAFKA_TALK_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "processors/cli/invocation.h"
#include "processors/runtime/kafka_client.h"

namespace peakend::cli {

// How long a command waits for the cluster's first answer.
inline constexpr absl::Duration kClusterLimit = absl::Seconds(10);
// And until what it wrote has been delivered.
inline constexpr absl::Duration kDeliveryLimit = absl::Seconds(30);

// What librdkafka says, on `call.err`, with -v only: an error that ends the command
// is printed anyway. `call` must outlive the client.
runtime::KafkaLog KafkaTalk(Invocation& call);

// Prints `status` and returns the exit code for it: kUnavailable where another try
// can help, kConfigError where a person must change something.
ExitCode ReportKafkaError(const absl::Status& status, Invocation& call);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_KAFKA_TALK_H_
