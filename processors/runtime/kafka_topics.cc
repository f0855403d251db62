#include "processors/runtime/kafka_topics.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/publish/output.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/config/identity_needs.h"

namespace peakend::runtime {
namespace {

constexpr char kTimestampType[] = "message.timestamp.type";
constexpr char kMaxMessageBytes[] = "max.message.bytes";
constexpr char kCleanupPolicy[] = "cleanup.policy";
constexpr char kCompact[] = "compact";
constexpr char kRetention[] = "retention.ms";

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

// A restart reads the whole changelog, so that it is kept near the size of the state:
// the segment that is written to is never compacted, and must be a small one.
void SetChangelog(std::map<std::string, std::string>& settings) {
  settings[kCleanupPolicy] = kCompact;
  settings["min.cleanable.dirty.ratio"] = "0.1";
  settings["segment.bytes"] = absl::StrCat(64 << 20);
}

// A row's newest version stays, so that a warehouse can be filled anew, for as long as anything
// amends journeys; a sink that was down for a week still sees each version and deletion. Turns
// and surveys have one version: nothing is there to be compacted.
void SetRows(publish::Topic topic, std::map<std::string, std::string>& settings) {
  constexpr int64_t kDayMs = 86'400'000;
  if (topic == publish::Topic::kSurveyRows || topic == publish::Topic::kTouchpointRows) {
    settings[kCleanupPolicy] = "delete";
    settings[kRetention] = absl::StrCat(30 * kDayMs);
    return;
  }
  settings[kCleanupPolicy] = "compact,delete";
  settings[kRetention] = absl::StrCat(90 * kDayMs);
  settings["min.compaction.lag.ms"] = absl::StrCat(7 * kDayMs);
  settings["delete.retention.ms"] = absl::StrCat(7 * kDayMs);
}

TopicDescription OutputTopic(publish::Topic topic, const v1::Config& config, int32_t partitions) {
  const v1::TopicsConfig& topics = config.topics();
  TopicDescription output;
  output.name = publish::TopicName(topics, topic);
  output.partitions = partitions;
  output.replication_factor =
      static_cast<int32_t>(publish::TopicSettings(topics, topic).replication_factor());
  // The largest input record and a few headers must fit, or the largest customer.
  if (topic == publish::Topic::kRejected || topic == publish::Topic::kLate ||
      topic == publish::Topic::kState) {
    output.settings[kMaxMessageBytes] = absl::StrCat(5 << 20);
  }
  if (topic == publish::Topic::kState) SetChangelog(output.settings);
  if (publish::IsRowTopic(topic)) SetRows(topic, output.settings);
  if (topic == publish::Topic::kStatistics) {
    // Baselines are learned from all that is there.
    output.settings[kRetention] = absl::StrCat(config.baseline().window().seconds() * 1000);
  }
  return output;
}

// Of two values of retention.ms; -1 = for ever.
bool KeepsLonger(const std::string& is, const std::string& wanted) {
  int64_t is_ms = 0;
  int64_t wanted_ms = 0;
  return absl::SimpleAtoi(is, &is_ms) && absl::SimpleAtoi(wanted, &wanted_ms) &&
         (is_ms < 0 || is_ms > wanted_ms);
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
    if (name == kRetention && KeepsLonger(found->second, value)) continue;
    differences.push_back(
        absl::StrCat("topic ", is.name, " has ", name, "=", found->second, ", should be ", value));
  }
  return differences;
}

// What would lose records that must stay, or keep them for ever.
std::vector<std::string> WrongCleanup(const ClusterDescription& cluster,
                                      const v1::TopicsConfig& topics) {
  std::vector<std::string> wrong;
  const auto policy = [&cluster](const std::string& topic) -> std::string {
    const auto& settings = cluster.topics.find(topic)->second.settings;
    const auto found = settings.find(kCleanupPolicy);
    return found == settings.end() ? "" : found->second;
  };
  const std::string input = publish::InputTopicName(topics);
  if (policy(input).find(kCompact) != std::string::npos) {
    wrong.push_back(
        absl::StrCat("topic ", input, " is compacted, so events of a customer would disappear"));
  }
  const std::string state = publish::TopicName(topics, publish::Topic::kState);
  const std::string kept = policy(state);
  if (!kept.empty() && kept != kCompact) {
    wrong.push_back(absl::StrCat("topic ", state, " has cleanup.policy=", kept,
                                 ", should be compact: customers would be forgotten"));
  }
  return wrong;
}

// What takes events but not the records that linked customers write each other: nothing else
// could ever be written, a record between customers must not be left out.
std::vector<std::string> TooSmall(const ClusterDescription& cluster, const v1::Config& config,
                                  const v1::Policy& policy) {
  if (policy.identities().empty()) return {};
  const std::string input = publish::InputTopicName(config.topics());
  const auto& settings = cluster.topics.find(input)->second.settings;
  const auto found = settings.find(kMaxMessageBytes);
  int64_t bytes = 0;
  const int64_t wanted = LargestIdentityRecord(config);
  if (found == settings.end() || !absl::SimpleAtoi(found->second, &bytes) || bytes >= wanted) {
    return {};
  }
  return {absl::StrCat("topic ", input, " has max.message.bytes=", bytes,
                       ", with identities in the policy it needs ", wanted,
                       ": raise it, or lower ingest.max_record_bytes")};
}

}  // namespace

std::vector<TopicDescription> WantedTopics(const ClusterDescription& cluster,
                                           const v1::Config& config) {
  std::vector<TopicDescription> wanted = {Input(cluster, config.topics())};
  for (const publish::Topic topic : publish::TopicsOf(config)) {
    if (topic == publish::Topic::kInput) continue;  // the first already
    wanted.push_back(OutputTopic(topic, config, wanted.front().partitions));
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

absl::Status CheckTopics(const ClusterDescription& cluster, const v1::Config& config,
                         const v1::Policy& policy) {
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
  for (std::string& sentence : WrongCleanup(cluster, config.topics())) {
    wrong.push_back(std::move(sentence));
  }
  for (std::string& sentence : TooSmall(cluster, config, policy)) {
    wrong.push_back(std::move(sentence));
  }
  if (wrong.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrJoin(wrong, "; "));
}

}  // namespace peakend::runtime
