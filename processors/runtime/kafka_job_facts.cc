#include "processors/runtime/kafka_job_facts.h"

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "peakend/v1/interaction_event.pb.h"
#include "processors/journey/identity_key.h"
#include "processors/publish/output.h"
#include "processors/publish/partitioner.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/changelog_census.h"
#include "processors/runtime/kafka_admin.h"
#include "processors/runtime/kafka_changelog.h"
#include "processors/runtime/kafka_group.h"
#include "processors/runtime/kafka_offsets.h"
#include "processors/runtime/kafka_sampler.h"

namespace peakend::runtime {
namespace {

constexpr int64_t kSampleRecords = 200;                   // of each partition
constexpr absl::Duration kStateLimit = absl::Seconds(2);  // for each partition
constexpr absl::Duration kAskAgainAfter = absl::Milliseconds(100);

using Offsets = std::map<int32_t, int64_t>;
using v1::TopicFacts;

// By their ids such customers count as known, which decides who follows whom.
bool IsAnonymousUnderAKnownId(std::string_view value) {
  v1::InteractionEvent event;
  return event.ParseFromArray(value.data(), static_cast<int>(value.size())) &&
         event.customer().anonymous() && !journey::IsAnonymous(event.customer().customer_id());
}

TopicFacts::Role RoleOf(const std::string& topic, const v1::TopicsConfig& topics) {
  if (topic == publish::InputTopicName(topics)) return TopicFacts::INPUT;
  if (topic == publish::TopicName(topics, publish::Topic::kState)) return TopicFacts::CHANGELOG;
  return TopicFacts::OUTPUT;
}

// Collects in steps that build on each other; each asks one kind of question.
class Collector {
 public:
  Collector(const v1::Config& config, const KafkaLog& log, absl::Duration limit)
      : config_(config), log_(log), limit_(limit) {}

  absl::Status Topics();
  absl::Status Group();
  absl::Status Logs();
  absl::Status OpenTransactions();
  absl::Status Samples();
  absl::Status State();

  v1::JobFacts Take() && { return std::move(facts_); }

 private:
  absl::Status LogsOf(const TopicFacts& topic, KafkaOffsets& all, KafkaOffsets& committed);
  absl::StatusOr<Offsets> Edges(KafkaOffsets& offsets, const std::string& topic,
                                const std::vector<int32_t>& ids, KafkaEdge edge) const;
  absl::StatusOr<Offsets> Committed() { return group_->Committed(facts_.topics(0).name()); }
  absl::Status StateOf(v1::PartitionFacts* partition, KafkaChangelog& changelog);

  const v1::Config& config_;
  const KafkaLog& log_;
  const absl::Duration limit_;
  v1::JobFacts facts_;
  std::unique_ptr<KafkaGroup> group_;
};

absl::Status Collector::Topics() {
  const auto admin = KafkaAdmin::Open(config_, log_, limit_);
  if (!admin.ok()) return admin.status();
  const absl::StatusOr<ClusterDescription> cluster = (*admin)->DescribeCluster();
  if (!cluster.ok()) return cluster.status();
  const auto broker = (*admin)->BrokerSettings();
  if (!broker.ok()) return broker.status();
  facts_.set_brokers(static_cast<int32_t>(cluster->brokers.size()));
  int64_t longest_ms = 0;
  const auto longest = broker->find("transaction.max.timeout.ms");
  if (longest != broker->end() && absl::SimpleAtoi(longest->second, &longest_ms)) {
    facts_.set_transaction_max_timeout_ms(longest_ms);
  }
  for (const TopicDescription& wanted : WantedTopics(*cluster, config_)) {
    TopicFacts& topic = *facts_.add_topics();
    topic.set_name(wanted.name);
    topic.set_role(RoleOf(wanted.name, config_.topics()));
    const auto found = cluster->topics.find(wanted.name);
    if (found == cluster->topics.end()) continue;
    topic.set_partitions(found->second.partitions);
    topic.set_replication_factor(found->second.replication_factor);
    for (const auto& [name, value] : found->second.settings) {
      (*topic.mutable_settings())[name] = value;
    }
  }
  for (int32_t id = 0; id < facts_.topics(0).partitions(); ++id) {
    facts_.add_partitions()->set_partition(id);
  }
  return absl::OkStatus();
}

absl::Status Collector::Group() {
  auto opened = KafkaGroup::Open(config_, log_, limit_);
  if (!opened.ok()) return opened.status();
  group_ = *std::move(opened);
  facts_.mutable_group()->set_group_id(config_.kafka().group_id());
  const absl::StatusOr<GroupDescription> group = group_->Describe();
  if (group.ok()) {
    facts_.mutable_group()->set_state(group->state);
    facts_.mutable_group()->set_members(group->members);
  } else if (!absl::IsPermissionDenied(group.status())) {
    return group.status();
  }
  const absl::StatusOr<Offsets> committed = Committed();
  if (!committed.ok()) return committed.status();
  for (v1::PartitionFacts& partition : *facts_.mutable_partitions()) {
    const auto found = committed->find(partition.partition());
    if (found != committed->end()) partition.set_committed_offset(found->second);
  }
  return absl::OkStatus();
}

absl::Status Collector::Logs() {
  const auto all = KafkaOffsets::Open(config_, log_);
  if (!all.ok()) return all.status();
  const auto committed = KafkaOffsets::OpenCommitted(config_, log_);
  if (!committed.ok()) return committed.status();
  for (const TopicFacts& topic : facts_.topics()) {
    absl::Status status = LogsOf(topic, **all, **committed);
    if (!status.ok()) return status;
  }
  facts_.set_now_ms(absl::ToUnixMillis(absl::Now()));
  return absl::OkStatus();
}

// A partition between two leaders, or a new one without any, has an answer soon.
absl::StatusOr<Offsets> Collector::Edges(KafkaOffsets& offsets, const std::string& topic,
                                         const std::vector<int32_t>& ids, KafkaEdge edge) const {
  const absl::Time deadline = absl::Now() + limit_;
  while (true) {
    absl::StatusOr<Offsets> answer = offsets.Ask(topic, ids, edge, limit_);
    if (!absl::IsUnavailable(answer.status()) || absl::Now() >= deadline) return answer;
    absl::SleepFor(kAskAgainAfter);
  }
}

absl::Status Collector::LogsOf(const TopicFacts& topic, KafkaOffsets& all,
                               KafkaOffsets& committed) {
  std::vector<int32_t> ids(
      static_cast<size_t>(std::min(topic.partitions(), facts_.partitions_size())));
  if (ids.empty()) return absl::OkStatus();
  std::iota(ids.begin(), ids.end(), 0);
  const auto first = Edges(all, topic.name(), ids, KafkaEdge::kFirst);
  if (!first.ok()) return first.status();
  const auto end = Edges(all, topic.name(), ids, KafkaEdge::kBehindLast);
  if (!end.ok()) return end.status();
  // Asked last: if it is still below, a transaction was open for all that time.
  const auto stable = Edges(committed, topic.name(), ids, KafkaEdge::kBehindLast);
  if (!stable.ok()) return stable.status();
  for (const int32_t id : ids) {
    v1::LogFacts& log = *facts_.mutable_partitions(id)->add_logs();
    log.set_topic(topic.name());
    log.set_role(topic.role());
    log.set_first_offset(first->at(id));
    log.set_high_watermark(end->at(id));
    log.set_last_stable_offset(std::min(stable->at(id), end->at(id)));
  }
  return absl::OkStatus();
}

// The last stable offset is that of the first record of the oldest open transaction.
absl::Status Collector::OpenTransactions() {
  std::vector<KafkaRange> ranges;
  std::vector<v1::LogFacts*> logs;
  for (v1::PartitionFacts& partition : *facts_.mutable_partitions()) {
    for (v1::LogFacts& log : *partition.mutable_logs()) {
      const int64_t stable = log.last_stable_offset();
      if (stable >= log.high_watermark()) continue;
      ranges.push_back({log.topic(), partition.partition(), stable, stable + 1});
      logs.push_back(&log);
    }
  }
  if (ranges.empty()) return absl::OkStatus();
  const auto sampler = KafkaSampler::Open(config_, log_);
  if (!sampler.ok()) return sampler.status();
  return (*sampler)->Read(ranges, limit_, [&](size_t i, const InputRecord& record, bool) {
    if (record.timestamp_ms > 0) logs[i]->set_open_since_ms(record.timestamp_ms);
  });
}

absl::Status Collector::Samples() {
  std::vector<KafkaRange> ranges;
  std::vector<v1::Sample*> samples;
  for (v1::PartitionFacts& partition : *facts_.mutable_partitions()) {
    v1::Sample* sample = partition.mutable_sample();
    if (partition.logs().empty()) continue;
    const v1::LogFacts& input = partition.logs(0);
    const int64_t end = input.high_watermark();
    if (input.first_offset() >= end) continue;
    const int64_t begin = std::max(input.first_offset(), end - kSampleRecords);
    ranges.push_back({input.topic(), partition.partition(), begin, end});
    sample->set_end_offset(begin);
    samples.push_back(sample);
  }
  if (ranges.empty()) return absl::OkStatus();
  const auto sampler = KafkaSampler::Open(config_, log_);
  if (!sampler.ok()) return sampler.status();
  const int32_t partitions = facts_.partitions_size();
  return (*sampler)->Read(ranges, limit_, [&](size_t i, const InputRecord& record, bool by_broker) {
    v1::Sample& sample = *samples[i];
    sample.set_records(sample.records() + 1);
    sample.set_end_offset(record.offset + 1);
    sample.set_newest_at_ms(record.timestamp_ms);
    sample.set_stamped_by_broker(by_broker);
    if (IsAnonymousUnderAKnownId(record.value)) {
      sample.set_anonymous_under_known_id(sample.anonymous_under_known_id() + 1);
    }
    if (!record.has_key) {
      sample.set_without_key(sample.without_key() + 1);
    } else if (!record.key.empty() &&  // clock ticks belong to their partition
               publish::PartitionFor(record.key, partitions) != record.partition) {
      sample.set_misplaced(sample.misplaced() + 1);
    }
  });
}

absl::Status Collector::State() {
  const bool there =
      std::any_of(facts_.topics().begin(), facts_.topics().end(), [&](const TopicFacts& topic) {
        return topic.role() == TopicFacts::CHANGELOG &&
               topic.partitions() >= facts_.partitions_size();
      });
  if (!there) return absl::OkStatus();
  const auto changelog = KafkaChangelog::Open(config_, log_);
  if (!changelog.ok()) return changelog.status();
  for (v1::PartitionFacts& partition : *facts_.mutable_partitions()) {
    absl::Status status = StateOf(&partition, **changelog);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// Read again while commits make offset and state differ; absent where a transaction
// stays open in the changelog.
absl::Status Collector::StateOf(v1::PartitionFacts* partition, KafkaChangelog& changelog) {
  const int32_t id = partition->partition();
  const absl::Time deadline = absl::Now() + kStateLimit;
  do {
    const absl::StatusOr<Offsets> before = Committed();
    if (!before.ok()) return before.status();
    ChangelogCensus census(id);
    const absl::Status status = changelog.Read(id, 0, [&](const ChangelogRecord& record) {
      census.Take(record);
      return absl::OkStatus();
    });
    if (absl::IsUnavailable(status)) {
      absl::SleepFor(kAskAgainAfter);
      continue;
    }
    if (!status.ok()) return status;
    *partition->mutable_state() = census.Result();
    const absl::StatusOr<Offsets> later = Committed();
    if (!later.ok()) return later.status();
    if (before->contains(id)) partition->set_committed_offset(before->at(id));
    if (later->contains(id)) partition->set_committed_offset_later(later->at(id));
    const int64_t written = partition->state().progress().committed_offset();
    if (partition->committed_offset() <= written &&
        written <= partition->committed_offset_later()) {
      break;
    }
  } while (absl::Now() < deadline);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::JobFacts> CollectJobFacts(const v1::Config& config, const KafkaLog& log,
                                             absl::Duration limit) {
  Collector collector(config, log, limit);
  absl::Status status = collector.Topics();
  if (status.ok()) status = collector.Group();
  if (status.ok()) status = collector.Logs();
  if (status.ok()) status = collector.OpenTransactions();
  if (status.ok()) status = collector.Samples();
  if (status.ok()) status = collector.State();
  if (!status.ok()) return status;
  return std::move(collector).Take();
}

}  // namespace peakend::runtime
