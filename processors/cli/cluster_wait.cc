#include "processors/cli/cluster_wait.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "absl/time/clock.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/kafka_topics.h"

namespace peakend::cli {
namespace {

using runtime::LogLevel;

constexpr absl::Duration kDescribeLimit = absl::Seconds(10);
constexpr absl::Duration kLongestPause = absl::Seconds(15);
// New topics are known to the brokers one after the other, and are often made at the
// same time as the workers start.
constexpr absl::Duration kTopicsPatience = absl::Seconds(10);

}  // namespace

absl::Status ClusterWait::Pause(absl::Duration pause) {
  const absl::Time until = absl::Now() + pause;
  while (absl::Now() < until && !stop_()) {
    health_.Tick(absl::Now());
    absl::SleepFor(absl::Milliseconds(50));
  }
  return stop_() ? absl::CancelledError() : absl::OkStatus();
}

absl::Status ClusterWait::Verdict(const runtime::ClusterDescription& cluster) const {
  const absl::Status status =
      runtime::CheckTopics(cluster, settings_.config(), settings_.policy_source);
  // Only a person can mend topics that do not fit: starting again will not.
  return absl::IsFailedPrecondition(status) ? absl::InvalidArgumentError(status.message()) : status;
}

absl::StatusOr<int32_t> ClusterWait::Await() {
  auto admin = runtime::KafkaAdmin::Open(
      settings_.config(),
      [this](int level, std::string_view message) { log_.LogKafka(level, "admin", message); },
      kDescribeLimit);
  if (!admin.ok()) return admin.status();
  absl::Time patience_ends = absl::InfiniteFuture();
  for (absl::Duration pause = absl::Seconds(1);; pause = std::min(2 * pause, kLongestPause)) {
    const auto cluster = (*admin)->DescribeCluster();
    const absl::Status status = cluster.ok() ? Verdict(*cluster) : cluster.status();
    if (status.ok()) {
      const std::string input = publish::InputTopicName(settings_.config().topics());
      return cluster->topics.find(input)->second.partitions;
    }
    if (absl::IsNotFound(status)) {
      patience_ends = std::min(patience_ends, absl::Now() + kTopicsPatience);
    } else if (!absl::IsUnavailable(status)) {
      return status;
    }
    if (settings_.config().shutdown().fail_fast() || absl::Now() >= patience_ends) return status;
    WaitsFor(cluster.ok() ? "topics are missing, looking again"
                          : "cannot reach the cluster, trying again",
             status, pause);
    if (absl::Status stopped = Pause(pause); !stopped.ok()) return stopped;
  }
}

void ClusterWait::WaitsFor(const char* what, const absl::Status& status, absl::Duration pause) {
  health_.SetKafka(false, std::string(status.message()));
  log_.Log(
      LogLevel::kWarning, what,
      {{"problem", std::string(status.message())}, {"pause_seconds", absl::ToInt64Seconds(pause)}});
}

}  // namespace peakend::cli
