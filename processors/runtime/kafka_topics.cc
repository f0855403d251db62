#include "processors/runtime/kafka_topics.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/publish/output.h"
#include "processors/publish/topic_names.h"

namespace peakend::runtime {
namespace {

constexpr char kTimestampType[] = "message.timestamp.type";
constexpr char kMaxMessageBytes[] = "max.message.bytes";
constexpr char kCleanupPolicy[] = "cleanup.policy";

TopicDescription Input(const ClusterDescription& cluster, const v1::TopicsConfig& topics) {
  const v1::TopicConfig& settings = topics.interaction_events();
  TopicDescription input;
  input.name = publish::InputTopicName(topics);
  const auto existing = cluster.topics.find(input.name);
  input.partitions = existing != cluster.topics.end()
                         ? existing->second.partitions
                         : std::max<int32_t>(1, static_cast<int32_t>(settings.partitions()));
  input.replication_factor = static_cast<int32_t>(settings.replication_factor());
  // Time comes from the log: the broker stamps each record as it appends it.
  input.settings[kTimestampType] = "LogAppendTime";
  input.settings[kMaxMessageBytes] = absl::StrCat(4 << 20);
  input.settings[kCleanupPolicy] = "delete";
  return input;
}

TopicDescription OutputTopic(publish::Topic topic, const v1::TopicsConfig& topics,
                             int32_t partitions) {
  TopicDescription output;
  output.name = publish::TopicName(topics, topic);
  output.partitions = partitions;
  output.replication_factor =
      static_cast<int32_t>(publish::TopicSettings(topics, topic).replication_factor());
  // The largest input record and a few headers must fit.
  if (topic == publish::Topic::kRejected || topic == publish::Topic::kLate) {
    output.settings[kMaxMessageBytes] = absl::StrCat(5 << 20);
  }
  return output;
}

std::vector<std::string> Differences(const TopicDescription& wanted, const TopicDescription& is) {
  std::vector<std::string> differences;
  if (wanted.partitions != is.partitions) {
    differences.push_back(absl::StrCat("topic ", is.name, " has ", is.partitions,
                                       " partitions, the input has ", wanted.partitions));
  }
  for (const auto& [name, value] : wanted.settings) {
    const auto found = is.settings.find(name);
    if (found == is.settings.end() || found->second == value) continue;
    differences.push_back(
        absl::StrCat("topic ", is.name, " has ", name, "=", found->second, ", should be ", value));
  }
  return differences;
}

}  // namespace

std::vector<TopicDescription> WantedTopics(const ClusterDescription& cluster,
                                           const v1::Config& config) {
  std::vector<TopicDescription> wanted = {Input(cluster, config.topics())};
  for (size_t i = 0; i < publish::kTopicCount; ++i) {
    wanted.push_back(
        OutputTopic(static_cast<publish::Topic>(i), config.topics(), wanted.front().partitions));
  }
  return wanted;
}

TopicPlan PlanTopics(const ClusterDescription& cluster, const v1::Config& config) {
  TopicPlan plan;
  for (TopicDescription& wanted : WantedTopics(cluster, config)) {
    const auto existing = cluster.topics.find(wanted.name);
    if (existing == cluster.topics.end()) {
      plan.create.push_back(std::move(wanted));
      continue;
    }
    const std::vector<std::string> differences = Differences(wanted, existing->second);
    if (differences.empty()) plan.unchanged.push_back(wanted.name);
    plan.differences.insert(plan.differences.end(), differences.begin(), differences.end());
  }
  return plan;
}

absl::Status CheckTopics(const ClusterDescription& cluster, const v1::Config& config) {
  std::vector<std::string> missing;
  std::vector<std::string> wrong;
  for (const TopicDescription& wanted : WantedTopics(cluster, config)) {
    const auto existing = cluster.topics.find(wanted.name);
    if (existing == cluster.topics.end()) {
      missing.push_back(wanted.name);
    } else if (existing->second.partitions != wanted.partitions) {
      wrong.push_back(absl::StrCat("topic ", wanted.name, " has ", existing->second.partitions,
                                   " partitions, the input has ", wanted.partitions));
    }
  }
  if (!missing.empty()) {
    return absl::NotFoundError(absl::StrCat("missing topics: ", absl::StrJoin(missing, ", "),
                                            "; `peakend topics create` makes them"));
  }
  const TopicDescription& input =
      cluster.topics.find(publish::InputTopicName(config.topics()))->second;
  const auto cleanup = input.settings.find(kCleanupPolicy);
  if (cleanup != input.settings.end() && cleanup->second.find("compact") != std::string::npos) {
    wrong.push_back(absl::StrCat("topic ", input.name,
                                 " is compacted, so events of a customer would disappear"));
  }
  if (wrong.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrJoin(wrong, "; "));
}

}  // namespace peakend::runtime
