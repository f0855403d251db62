#include "processors/cli/cluster_check.h"

#include <memory>
#include <ostream>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "processors/runtime/kafka_admin.h"
#include "processors/runtime/kafka_topics.h"

namespace peakend::cli {
namespace {

constexpr absl::Duration kLimit = absl::Seconds(10);

ClusterVerdict Failed(const absl::Status& status, Invocation& call) {
  *call.err << (call.color_err ? "\x1b[1;31merror\x1b[0m: " : "error: ") << status.message()
            << "\n";
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return {ExitCode::kUnavailable};
    case absl::StatusCode::kInvalidArgument:
      return {ExitCode::kConfigError};
    default:
      return {ExitCode::kChecksFailed};
  }
}

}  // namespace

ClusterVerdict CheckCluster(const v1::Config& config, const v1::Policy& policy, Invocation& call) {
  std::ostream* verbose = call.verbosity > 0 ? call.err : nullptr;
  const auto log = [verbose](int, std::string_view message) {
    // One write per line: librdkafka calls from its own threads too.
    if (verbose != nullptr) *verbose << std::string(message) + "\n";
  };
  const auto admin = runtime::KafkaAdmin::Open(config, log, kLimit);
  if (!admin.ok()) return Failed(admin.status(), call);
  const absl::StatusOr<runtime::ClusterDescription> cluster = (*admin)->DescribeCluster();
  if (!cluster.ok()) return Failed(cluster.status(), call);
  ClusterVerdict verdict;
  for (const std::string& difference : runtime::PlanTopics(*cluster, config).differences) {
    ++verdict.warnings;
    if (!call.quiet) *call.err << "warning: " << difference << "\n";
  }
  const absl::Status topics = runtime::CheckTopics(*cluster, config, policy);
  if (!topics.ok()) return Failed(topics, call);
  *call.out << "cluster ok: " << cluster->brokers.size() << " brokers, " << cluster->topics.size()
            << " topics\n";
  return verdict;
}

}  // namespace peakend::cli
