#include "processors/runtime/diagnosis.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "google/protobuf/util/time_util.h"
#include "processors/runtime/config/identity_needs.h"

namespace peakend::runtime {
namespace {

using google::protobuf::util::TimeUtil;
using v1::Finding;
using v1::TopicFacts;

constexpr int64_t kDayMs = 24 * 3600 * int64_t{1000};

// Empty = the broker did not tell.
std::string Setting(const TopicFacts& topic, const std::string& name) {
  const auto found = topic.settings().find(name);
  return found == topic.settings().end() ? "" : found->second;
}

std::string Span(int64_t ms) { return absl::FormatDuration(absl::Milliseconds(ms)); }

std::string SetCommand(const TopicFacts& topic, const std::string& setting) {
  return absl::StrCat("kafka-configs.sh --alter --entity-type topics --entity-name ", topic.name(),
                      " --add-config ", setting);
}

class ClusterDiagnosis {
 public:
  ClusterDiagnosis(const v1::JobFacts& facts, const v1::Config& config, const v1::Policy& policy,
                   std::vector<Finding>* findings)
      : facts_(facts), config_(config), policy_(policy), findings_(findings) {}

  void Settings();
  void Topic(const TopicFacts& topic);
  void Group();

 private:
  void Add(Finding::Severity severity, const char* code, const std::string& subject,
           const std::string& meaning, const std::string& remedy) {
    Finding& finding = findings_->emplace_back();
    finding.set_severity(severity);
    finding.set_code(code);
    finding.set_subject(subject);
    finding.set_meaning(meaning);
    finding.set_remedy(remedy);
  }
  void Input(const TopicFacts& topic, const std::string& subject);
  void IdentityRecords(const TopicFacts& input, const std::string& subject);
  void Changelog(const TopicFacts& topic, const std::string& subject);
  void Replicas(const TopicFacts& topic, const std::string& subject);

  const v1::JobFacts& facts_;
  const v1::Config& config_;
  const v1::Policy& policy_;
  std::vector<Finding>* const findings_;
};

void ClusterDiagnosis::Settings() {
  if (config_.delivery() == "at_least_once") return;
  const v1::KafkaConfig& kafka = config_.kafka();
  const int64_t transaction_ms = TimeUtil::DurationToMilliseconds(kafka.transaction_timeout());
  const int64_t session_ms = TimeUtil::DurationToMilliseconds(kafka.session_timeout());
  if (facts_.has_transaction_max_timeout_ms() &&
      facts_.transaction_max_timeout_ms() < transaction_ms) {
    Add(Finding::ERROR, "transaction-timeout-refused", "kafka.transaction_timeout",
        absl::StrCat("it is ", Span(transaction_ms), ", but the broker allows at most ",
                     Span(facts_.transaction_max_timeout_ms()),
                     " (transaction.max.timeout.ms): no worker can start"),
        "lower kafka.transaction_timeout, or raise transaction.max.timeout.ms of the brokers");
  }
  if (session_ms > 0 && transaction_ms >= session_ms) {
    Add(Finding::WARNING, "transaction-outlives-session", "kafka.transaction_timeout",
        absl::StrCat("it is ", Span(transaction_ms), ", kafka.session_timeout is ",
                     Span(session_ms),
                     ": after a crash the successor waits for the dead worker's transaction"),
        "set kafka.transaction_timeout below kafka.session_timeout");
  }
}

void ClusterDiagnosis::Topic(const TopicFacts& topic) {
  const std::string subject = absl::StrCat("topic ", topic.name());
  if (topic.partitions() == 0) {
    Add(Finding::ERROR, "topic-missing", subject, "it does not exist: no worker can start",
        "peakend topics create");
    return;
  }
  const int32_t wanted = facts_.topics(0).partitions();
  if (wanted > 0 && topic.partitions() != wanted) {
    Add(Finding::ERROR, "partition-count", subject,
        absl::StrCat("it has ", topic.partitions(), " partitions, the input has ", wanted,
                     ": an output goes to the partition number of its input"),
        absl::StrCat("configure a new topic with ", wanted,
                     " partitions, or add the missing ones to this one; never add any to the "
                     "input, its customers would move"));
  }
  if (topic.role() == TopicFacts::INPUT) Input(topic, subject);
  if (topic.role() == TopicFacts::CHANGELOG) Changelog(topic, subject);
  Replicas(topic, subject);
}

void ClusterDiagnosis::Input(const TopicFacts& topic, const std::string& subject) {
  const std::string cleanup = Setting(topic, "cleanup.policy");
  if (cleanup.find("compact") != std::string::npos) {
    Add(Finding::ERROR, "input-compacted", subject,
        absl::StrCat("cleanup.policy=", cleanup, ": older events of a customer disappear"),
        SetCommand(topic, "cleanup.policy=delete"));
  }
  const std::string stamps = Setting(topic, "message.timestamp.type");
  if (!stamps.empty() && stamps != "LogAppendTime") {
    Add(Finding::WARNING, "input-timestamps", subject,
        absl::StrCat("message.timestamp.type=", stamps,
                     ": time follows the producers' clocks instead of the broker's"),
        SetCommand(topic, "message.timestamp.type=LogAppendTime"));
  }
  int64_t retention_ms = -1;
  const int64_t interval_ms = TimeUtil::DurationToMilliseconds(config_.checkpoint().interval());
  // -1 = for ever.
  if (absl::SimpleAtoi(Setting(topic, "retention.ms"), &retention_ms) && retention_ms >= 0 &&
      retention_ms < interval_ms + kDayMs) {
    Add(Finding::WARNING, "input-retention", subject,
        absl::StrCat("records are kept for ", Span(retention_ms),
                     " (retention.ms), less than checkpoint.interval and a day: an outage that "
                     "long loses records"),
        SetCommand(topic, "retention.ms=604800000"));
  }
  IdentityRecords(topic, subject);
}

void ClusterDiagnosis::IdentityRecords(const TopicFacts& input, const std::string& subject) {
  if (policy_.identities().empty()) return;
  int64_t bytes = 0;
  const int64_t wanted = LargestIdentityRecord(config_);
  if (!absl::SimpleAtoi(Setting(input, "max.message.bytes"), &bytes) || bytes >= wanted) return;
  Add(Finding::WARNING, "input-message-size", subject,
      absl::StrCat("max.message.bytes=", bytes,
                   ": with identities in the policy no worker starts, what linked customers write "
                   "each other may be ",
                   wanted, " bytes"),
      absl::StrCat("lower ingest.max_record_bytes, or ",
                   SetCommand(input, absl::StrCat("max.message.bytes=", wanted))));
}

void ClusterDiagnosis::Changelog(const TopicFacts& topic, const std::string& subject) {
  const std::string cleanup = Setting(topic, "cleanup.policy");
  if (!cleanup.empty() && cleanup != "compact") {
    Add(Finding::ERROR, "changelog-not-compacted", subject,
        absl::StrCat("cleanup.policy=", cleanup,
                     ": customers who are quiet for long are forgotten"),
        SetCommand(topic, "cleanup.policy=compact"));
  }
  int64_t tombstones_ms = -1;
  const v1::CheckpointConfig& checkpoint = config_.checkpoint();
  const int64_t age_ms = TimeUtil::DurationToMilliseconds(checkpoint.snapshot_max_age());
  if (!checkpoint.snapshot_folder().empty() &&
      absl::SimpleAtoi(Setting(topic, "delete.retention.ms"), &tombstones_ms) &&
      tombstones_ms < 2 * age_ms) {
    Add(Finding::WARNING, "snapshots-outlive-tombstones", subject,
        absl::StrCat("removals are kept for ", Span(tombstones_ms),
                     " (delete.retention.ms), less than twice checkpoint.snapshot_max_age: an old "
                     "snapshot could bring back a customer who was forgotten"),
        absl::StrCat("lower checkpoint.snapshot_max_age, or ",
                     SetCommand(topic, absl::StrCat("delete.retention.ms=", 2 * age_ms))));
  }
}

void ClusterDiagnosis::Replicas(const TopicFacts& topic, const std::string& subject) {
  const int32_t replicas = topic.replication_factor();
  if (replicas == 1 && facts_.brokers() > 1) {
    Add(Finding::WARNING, "one-replica", subject,
        absl::StrCat("replication factor 1 on ", facts_.brokers(),
                     " brokers: the loss of one broker stops the job and can lose data"),
        "kafka-reassign-partitions.sh adds replicas; set replication_factor before `peakend "
        "topics create`");
  }
  int32_t in_sync = 0;
  if (!absl::SimpleAtoi(Setting(topic, "min.insync.replicas"), &in_sync) || replicas < 1) return;
  if (in_sync > replicas) {
    Add(Finding::ERROR, "in-sync-replicas", subject,
        absl::StrCat("min.insync.replicas=", in_sync, ", but there are only ", replicas,
                     " replicas: nothing can be written"),
        SetCommand(topic, absl::StrCat("min.insync.replicas=", std::max(1, replicas - 1))));
  } else if (replicas >= 3 && in_sync < 2) {
    Add(Finding::WARNING, "in-sync-replicas", subject,
        absl::StrCat("min.insync.replicas=", in_sync, " of ", replicas,
                     ": what was committed can be lost with a single broker"),
        SetCommand(topic, "min.insync.replicas=2"));
  }
}

void ClusterDiagnosis::Group() {
  const v1::GroupFacts& group = facts_.group();
  if (group.state().empty()) return;
  const std::string subject = absl::StrCat("group ", group.group_id());
  const bool committed =
      std::any_of(facts_.partitions().begin(), facts_.partitions().end(),
                  [](const v1::PartitionFacts& partition) {
                    return partition.has_committed_offset() || partition.state().has_progress();
                  });
  if (group.members() == 0 && committed) {
    Add(Finding::WARNING, "no-members", subject,
        absl::StrCat("no worker is running (", group.state(), "): nothing is processed"),
        "peakend run");
  } else if (group.members() == 0) {
    Add(Finding::NOTE, "never-run", subject, "it has committed nothing yet", "peakend run");
  } else if (group.members() > facts_.partitions_size() && facts_.partitions_size() > 0) {
    Add(Finding::NOTE, "idle-members", subject,
        absl::StrCat(group.members(), " workers share ", facts_.partitions_size(),
                     " partitions: some have nothing to do"),
        "");
  }
  if (group.state() == "PreparingRebalance" || group.state() == "CompletingRebalance") {
    Add(Finding::NOTE, "rebalancing", subject,
        absl::StrCat(group.state(), ": partitions are being handed over"),
        "if it stays so, look for workers that start over and over");
  }
}

}  // namespace

void DiagnoseCluster(const v1::JobFacts& facts, const v1::Config& config, const v1::Policy& policy,
                     std::vector<Finding>* findings) {
  ClusterDiagnosis diagnosis(facts, config, policy, findings);
  diagnosis.Settings();
  for (const TopicFacts& topic : facts.topics()) diagnosis.Topic(topic);
  diagnosis.Group();
}

std::vector<Finding> Diagnose(const v1::JobFacts& facts, const v1::Config& config,
                              const v1::Policy& policy) {
  std::vector<Finding> findings;
  DiagnoseCluster(facts, config, policy, &findings);
  DiagnosePartitions(facts, config, policy, &findings);
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.severity() > b.severity(); });
  return findings;
}

}  // namespace peakend::runtime
