// Everything that a cluster tells about a job: topics, group, offsets, open
// transactions, the changelog, a sample of the input. Reads only; nothing is judged
// here (see diagnosis.h).
//
// Thread-safety: one thread.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_JOB_FACTS_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_JOB_FACTS_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "peakend/v1/config.pb.h"
#include "peakend/v1/doctor_report.pb.h"
#include "processors/runtime/kafka_client.h"

namespace peakend::runtime {

// Waits at most `limit` for each answer; reading the changelog takes as long as a
// restore of all partitions. `log` is called from several clients. What is missing
// stays absent in the facts, and so does what the brokers keep to themselves about
// settings and group members. Errors: InvalidArgument = the configuration; Unavailable
// names broker, protocol and likely cause; PermissionDenied.
absl::StatusOr<v1::JobFacts> CollectJobFacts(const v1::Config& config, const KafkaLog& log,
                                             absl::Duration limit);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_JOB_FACTS_H_
